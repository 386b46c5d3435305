import type { OperationBody } from '../../electron/engine/group/body.ts';
import { liveFolders } from '../../electron/engine/group/select.ts';
import { errorCodeOf } from '../../shared/errors.ts';
import { folderNamed } from './group-log.ts';
import { MetadataCluster } from './metadata-cluster.ts';

/** Asks for a folder of that name. */
export const share = (name: string): OperationBody => ({
  kind: 'folder.create',
  folder: folderNamed(name),
  name,
  access: 'readWrite',
  indexBits: 6,
});

/** Three devices with one vote each. */
export function three(): MetadataCluster {
  const cluster = new MetadataCluster();
  cluster.found('ann');
  cluster.join('bob', 'ann');
  cluster.join('cat', 'ann');
  cluster.until(() => cluster.weights('ann').cat === 1 && cluster.weights('ann').ann === 1, 'one vote each');
  return cluster;
}

/** Names of the folders, as that device has them. */
export const folderNames = (cluster: MetadataCluster, name: string): readonly string[] =>
  liveFolders(cluster.on(name).state()).map((folder) => folder.name);

/** The code with which the work fails, or `none`. */
export const errorOf = (work: () => unknown): string => {
  try {
    work();
    return 'none';
  } catch (error) {
    return errorCodeOf(error);
  }
};
