import type { JoinProgress } from '../../../shared/contract/group.ts';
import { errorCodeOf, failure } from '../../../shared/errors.ts';
import type { DeviceId, GroupId } from '../../../shared/ids.ts';
import type { Joining as JoiningView } from '../../../shared/model/group-view.ts';
import type { KeyPair } from '../bytes/signature.ts';
import { parseInviteCode } from '../group/invite-code.ts';
import { makeRedeemProof } from '../group/invite-proof.ts';
import { matchingPhrase } from '../group/phrase.ts';
import { isFirstEntry } from '../metadata/beginning.ts';
import { inviteKeys } from '../network/pairing/invite-keys.ts';
import type { JoinSession, Pairing } from '../network/pairing/pairing-desk.ts';
import type { CancelTimer, Clock } from '../ports/clock.ts';
import { decodeDoorAnswer, encodeDoorAsk, type ToldMember } from './door-messages.ts';

/** How often a newcomer that waits says that it is still there. */
const HERE_MS = 20_000;
/** How long a member may take to note that the newcomer gave up. */
const WITHDRAW_MS = 2_000;

/** What a newcomer has once a group has let it in. */
export interface Admitted {
  readonly group: GroupId;
  readonly firstEntry: Uint8Array;
  readonly codeHash: Uint8Array;
  readonly bootstrap: readonly string[];
  readonly members: readonly ToldMember[];
}

/** What joining needs. */
export interface JoiningDeps {
  readonly self: DeviceId;
  readonly keyPair: KeyPair;
  readonly clock: Clock;
  readonly pairing: Pairing;
  name(): string;
  /** Takes the group over durably and starts in it; resolves once the own log names this device as a member. */
  enter(admitted: Admitted): Promise<void>;
  changed(): void;
}

/** Joining one group with one code. It goes on whether anybody watches or not, until it is done, fails or is cancelled. */
export class Joining {
  readonly #deps: JoiningDeps;
  readonly #session: JoinSession;
  #view: JoiningView;
  #group: GroupId | null = null;
  #wake: (() => void)[] = [];
  #error: unknown = null;
  #timer: CancelTimer | null = null;
  /** What takes the request back; null until there is one, and once it is answered. */
  #withdrawal: Uint8Array | null = null;
  #closing: Promise<void> | null = null;
  #found = false;

  /** Begins at once. Throws what is wrong with the code. */
  constructor(deps: JoiningDeps, text: string, waitMs: number | null) {
    this.#deps = deps;
    const code = parseInviteCode(text);
    this.#view = { type: 'searching', since: deps.clock.now() };
    this.#session = deps.pairing.join({ secret: code.secret, bootstrap: code.bootstrap });
    if (waitMs !== null) {
      this.#timer = deps.clock.after(waitMs, () => {
        const found = this.#found;
        const why = found ? 'Nobody has approved this device in time.' : 'No device of the group was found in time.';
        this.#fail(failure(found ? 'time-out' : 'join-no-member-found', why));
      });
    }
    this.#run(code).catch((error: unknown) => this.#fail(error));
  }

  view(): JoiningView {
    return this.#view;
  }

  /** Whether this device is in the group and nothing is left to do. */
  isDone(): boolean {
    return this.#group !== null;
  }

  /** Gives up; has no effect once the group has let this device in. */
  cancel(): void {
    if (this.#view.type === 'admitted') return;
    this.#fail(failure('cancelled', 'Joining was given up.'));
  }

  /** Ends it at whatever step it is, for an engine that stops or a group that is left; nothing happens after it. */
  async stop(): Promise<void> {
    this.#fail(failure('engine-stopping', 'Joining ended, since the engine stops or the group was left.'));
    await this.#close();
  }

  /** The steps, from the present one on; throws what joining failed with. */
  async *progress(signal: AbortSignal | undefined): AsyncGenerator<JoinProgress> {
    let last: string | null = null;
    while (signal?.aborted !== true) {
      if (this.#error !== null) throw this.#error;
      const step = this.#step();
      if (step !== null && step.type !== last) {
        last = step.type;
        yield step;
        if (step.type === 'joined') return;
        continue;
      }
      await new Promise<void>((resolve) => {
        this.#wake.push(resolve);
        signal?.addEventListener('abort', () => resolve());
      });
    }
  }

  #step(): JoinProgress | null {
    switch (this.#view.type) {
      case 'searching':
        return { type: 'searching' };
      case 'waitingForApproval':
        return { type: 'waitingForApproval', phrase: this.#view.phrase };
      case 'admitted':
        return this.#group === null ? null : { type: 'joined', group: this.#group, device: this.#deps.self };
      case 'failed':
        return null;
    }
  }

  async #run(code: ReturnType<typeof parseInviteCode>): Promise<void> {
    const { self, keyPair, clock } = this.#deps;
    const invite = inviteKeys(code.secret);
    const welcome = decodeDoorAnswer(await this.#session.ask(encodeDoorAsk({ type: 'hello', device: self })));
    if (welcome?.type !== 'welcome' || !isFirstEntry(welcome.group, welcome.firstEntry, code.firstEntry)) {
      throw failure('invite-wrong-group', 'The group that answered is not the one that the code means.');
    }
    this.#found = true;
    if (welcome.approval === 'ask') {
      const phrase = matchingPhrase(self, welcome.host, invite.id);
      this.#show({ type: 'waitingForApproval', since: clock.now(), phrase });
    }
    const proof = makeRedeemProof({
      group: welcome.group,
      invite: invite.id,
      inviteSecretKey: invite.secretKey,
      device: self,
      deviceSecretKey: keyPair.secretKey,
      name: this.#deps.name(),
    });
    if (this.#error !== null) return;
    this.#withdrawal = encodeDoorAsk({ type: 'withdraw', host: welcome.host, proof });
    const stopSaying = this.#sayThatItWaits();
    const answer = await this.#session.ask(encodeDoorAsk({ type: 'redeem', host: welcome.host, proof })).finally(() => {
      stopSaying();
      this.#withdrawal = null;
    });
    const admitted = decodeDoorAnswer(answer);
    if (admitted?.type !== 'admitted') throw failure('invite-wrong-group', 'The group’s answer cannot be read.');
    if (this.#error !== null) return;
    this.#timer?.();
    this.#show({ type: 'admitted', since: clock.now() });
    const { group, firstEntry } = welcome;
    const { bootstrap, firstEntry: codeHash } = code;
    await this.#deps.enter({ group, firstEntry, codeHash, bootstrap, members: admitted.members });
    this.#group = group;
    this.#changed();
    await this.#close();
  }

  #fail(error: unknown): void {
    if (this.#error !== null || this.#group !== null) return;
    this.#error = error;
    this.#timer?.();
    this.#show({ type: 'failed', at: this.#deps.clock.now(), code: errorCodeOf(error) });
    void this.#close();
  }

  /** Members forget who says nothing. Never two at a time: without a member they would pile up. */
  #sayThatItWaits(): CancelTimer {
    const hello = encodeDoorAsk({ type: 'hello', device: this.#deps.self });
    let open = false;
    return this.#deps.clock.every(HERE_MS, () => {
      if (open) return;
      open = true;
      const done = (): void => {
        open = false;
      };
      this.#session.ask(hello).then(done, done);
    });
  }

  /** Never rejects: what can't be closed in order is of no use to anybody. */
  #close(): Promise<void> {
    this.#closing ??= this.#withdraw()
      .then(() => this.#session.close())
      .catch(() => undefined);
    return this.#closing;
  }

  /** Tells the member that this device has given up, so that nobody lets it in behind its user's back. */
  async #withdraw(): Promise<void> {
    const bytes = this.#withdrawal;
    if (bytes === null || !this.#session.connected) return;
    await new Promise<void>((resolve) => {
      const cancel = this.#deps.clock.after(WITHDRAW_MS, resolve);
      const noted = (): void => {
        cancel();
        resolve();
      };
      this.#session.ask(bytes).then(noted, noted);
    });
  }

  #show(view: JoiningView): void {
    if (this.#view.type === 'failed') return;
    this.#view = view;
    this.#changed();
  }

  #changed(): void {
    this.#deps.changed();
    for (const wake of this.#wake.splice(0)) wake();
  }
}
