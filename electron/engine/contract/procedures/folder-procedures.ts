import { deviceIdOf, folderIdOf } from '../../group/references.ts';
import { procedures } from '../base-procedure.ts';
import type { ServedEngine } from '../served-engine.ts';
import { folderOrAll } from './group-procedures.ts';

/** Shared folders. */
export function folderProcedures(engine: ServedEngine) {
  const os = procedures.folders;
  const folder = (reference: string) => folderIdOf(engine.group().state(), reference);
  return {
    list: os.list.handler(() => engine.view().folders),
    share: os.share.handler(({ input }) =>
      engine.group().folders.share({ path: input.path, name: input.name ?? null, access: input.access }),
    ),
    accept: os.accept.handler(async ({ input }) => ({
      state: await engine.group().folders.accept(folder(input.folder), input.path),
    })),
    drop: os.drop.handler(async ({ input }) => ({ state: await engine.group().folders.drop(folder(input.folder)) })),
    unshare: os.unshare.handler(async ({ input }) => ({
      state: await engine.group().folders.unshare(folder(input.folder)),
    })),
    rename: os.rename.handler(async ({ input }) => {
      const id = folder(input.folder);
      return { state: await engine.group().decide({ kind: 'folder.rename', folder: id, name: input.name }) };
    }),
    setAccess: os.setAccess.handler(async ({ input }) => {
      const group = engine.group();
      const device = deviceIdOf(group.state(), input.device);
      return { state: await group.decide(await group.rightEnds.access(folder(input.folder), device, input.access)) };
    }),
    transferOwner: os.transferOwner.handler(async ({ input }) => {
      const group = engine.group();
      const device = deviceIdOf(group.state(), input.device);
      const id = folder(input.folder);
      return { state: await group.decide({ kind: 'folder.transferOwner', folder: id, device }) };
    }),
    pause: os.pause.handler(async ({ input }) => {
      await engine.group().folders.pause(folderOrAll(engine, input.folder));
      return {};
    }),
    resume: os.resume.handler(async ({ input }) => {
      await engine.group().folders.resume(folderOrAll(engine, input.folder), input.answer);
      return {};
    }),
    rescan: os.rescan.handler(async ({ input }) => {
      await engine.group().folders.rescan(folderOrAll(engine, input.folder));
      return {};
    }),
    files: os.files.handler(({ input }) => {
      const { folders } = engine.group();
      const page = folders.files(folder(input.folder), input.directory, input.cursor, input.limit);
      return { entries: page.items, next: page.next, total: page.total };
    }),
    throwMineAway: os.throwMineAway.handler(async ({ input }) => ({
      moved: await engine.group().folders.throwMineAway(folder(input.folder), input.path),
    })),
  };
}

/** Paths of which several versions stand. */
export function conflictProcedures(engine: ServedEngine) {
  const os = procedures.conflicts;
  return {
    list: os.list.handler(({ input }) =>
      engine.view().group === null && input.folder === null
        ? []
        : engine.group().folders.conflicts(folderOrAll(engine, input.folder)),
    ),
    resolve: os.resolve.handler(async ({ input }) => {
      const place = { folder: folderOrAll(engine, input.folder), path: input.path };
      return engine.group().folders.resolve(place, input.keep);
    }),
    takeBack: os.takeBack.handler(async ({ input }) => {
      await engine.group().folders.takeBack(folderIdOf(engine.group().state(), input.folder), input.renamed);
      return {};
    }),
  };
}

/** Kept versions. */
export function versionProcedures(engine: ServedEngine) {
  const os = procedures.versions;
  return {
    list: os.list.handler(({ input }) => {
      const { folders } = engine.group();
      const id = folderOrAll(engine, input.folder);
      const { path } = input;
      if (path === null) {
        if (id === null) return { versions: [], next: null };
        const page = folders.versions({ folder: id, path: null }, input.cursor, input.limit);
        return { versions: page.items, next: page.next };
      }
      const page = folders.versions({ folder: id, path }, input.cursor, input.limit);
      return { versions: page.items, next: page.next };
    }),
    restore: os.restore.handler(async ({ input }) => {
      const id = folderOrAll(engine, input.folder);
      const place = input.path === null ? null : { folder: id, path: input.path };
      return { path: await engine.group().folders.restore(place, id, input.version, input.to) };
    }),
  };
}
