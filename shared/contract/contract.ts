/** The contract: what the window, the page and the command line can ask of an engine, and what it tells them. */
import type { ContractRouterClient } from '@orpc/contract';
import { conflictsContract } from './conflicts.ts';
import { devicesContract } from './devices.ts';
import { activityContract, engineContract, homeContract, placesContract, settingsContract } from './engine.ts';
import { foldersContract } from './folders.ts';
import { groupContract } from './group.ts';
import { masterContract } from './master.ts';
import { versionsContract } from './versions.ts';
import { waitingContract } from './waiting.ts';
import { watchContract } from './watch.ts';

/** Served with `implement(contract)`; every input and output is checked against its schema. */
export const contract = {
  engine: engineContract,
  group: groupContract,
  devices: devicesContract,
  waiting: waitingContract,
  folders: foldersContract,
  conflicts: conflictsContract,
  versions: versionsContract,
  master: masterContract,
  activity: activityContract,
  settings: settingsContract,
  home: homeContract,
  places: placesContract,
  watch: watchContract,
};

/** A client of the contract, whatever carries it. */
export type ContractClient = ContractRouterClient<typeof contract>;
