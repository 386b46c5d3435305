/** What is written and read in the settings. Pure. */
import type { Settings } from '../../../shared/model/settings.ts';

/** Bootstrap nodes from a field with one a line or commas; null where one is not HOST:PORT. */
export const parseBootstrap = (text: string): readonly string[] | null => {
  const nodes = text
    .split(/[\s,]+/)
    .map((node) => node.trim())
    .filter((node) => node !== '');
  const good = nodes.every((node) => {
    const port = Number(/^.+:(\d{1,5})$/.exec(node)?.[1]);
    return Number.isInteger(port) && port > 0 && port < 65_536;
  });
  return good ? nodes : null;
};

type BootstrapSettings = Pick<Settings, 'namedBootstrap' | 'publicBootstrap'>;

/** What is used while the field is empty, or in spite of what is in it. */
export const bootstrapWords = ({ namedBootstrap: { by, nodes }, publicBootstrap }: BootstrapSettings): string => {
  const all = nodes.join(', ');
  if (by === 'start') return `Flotilla was started to use ${all}, whatever is set here.`;
  if (by === 'invite') return `Empty: those that the invite named (${all}).`;
  return publicBootstrap.length > 0
    ? `Empty: the public ones (${publicBootstrap.join(', ')}).`
    : 'Empty: the public ones.';
};

/** What stands in the field while nothing is set. */
export const bootstrapPlaceholder = ({ by, nodes }: Settings['namedBootstrap']): string => {
  if (by === 'start') return nodes.join(', ');
  return by === 'invite' ? 'Those of the invite' : 'Public ones';
};
