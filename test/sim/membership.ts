import type { DeviceId } from '../../shared/ids.ts';
import { SimGroup } from './sim-group.ts';
import { HEALTHY, type SimNode } from './sim-node.ts';
import { Simulation } from './simulation.ts';

/** How the group of four shrinks again. */
export type Departure = 'removal' | 'leaving';

/**
 * A group grows from one device to four and shrinks to one, and in the middle of every step its master crashes. By removal
 * a device that is not master goes, by leaving the master itself. Answers how many members there were after each step.
 */
export function walkMembership(seed: number, departure: Departure): number[] {
  const sim = new Simulation(seed, HEALTHY, { maxVoters: 3 });
  const group = new SimGroup(
    sim,
    Array.from({ length: 4 }, (_, at) => sim.add(`n${at}`)),
  );
  group.grow(1);
  const sizes = [1];
  for (let step = 0; step < 6; step++) {
    sim.weather = { loss: 0.01, duplication: 0.05, minDelayMs: 1, maxDelayMs: 20, slowFlush: 0.3 };
    const wanted = step < 3 ? step + 2 : 6 - step;
    changeTo(wanted, sim, group, departure);
    sizes.push(membersOf(group).length);
  }
  return sizes;
}

/** Asks for one member more or less, again and again as the device concerned does, with a crash of the master on the way. */
function changeTo(wanted: number, sim: Simulation, group: SimGroup, departure: Departure): void {
  const leaver = wanted < membersOf(group).length ? pickLeaver(sim, group, departure) : null;
  const ask = (): void => {
    if (leaver !== null) group.propose(`leave ${leaver}`);
    else group.bringIn(group.all[wanted - 1] as SimNode);
  };
  sim.after(60 * sim.random.fraction(), () => {
    const master = group.master();
    if (master !== undefined) group.crash(master);
  });
  ask();
  sim.runUntil(sim.now() + 150);
  const until = sim.now() + 20_000;
  while (membersOf(group).length !== wanted) {
    if (sim.now() > until) throw new Error(`the group does not come to ${wanted} members`);
    sim.runUntil(sim.now() + 300);
    if (membersOf(group).length !== wanted) ask();
  }
  group.heal();
}

function pickLeaver(sim: Simulation, group: SimGroup, departure: Departure): DeviceId {
  const master = group.master()?.id;
  const fitting = membersOf(group).filter((device) => (device === master) === (departure === 'leaving'));
  return sim.random.pick(fitting);
}

/** The members as the device with the longest committed log knows them. */
function membersOf(group: SimGroup): readonly DeviceId[] {
  const known = group.active.filter((node) => node.state !== null);
  known.sort((a, b) => (b.state?.hard.commitIndex ?? 0) - (a.state?.hard.commitIndex ?? 0));
  return known[0]?.members ?? [];
}
