import type { EmulatorClock } from '../emulator.js'
import type { Random } from '../random.js'
import type { Office, StoryCall } from '../story.js'
import type { Agenda } from './agenda.js'
import { DrivenCall, find } from './driven-call.js'
import type { LiveCall, LiveMoment, LiveOffice, NewLiveCall, Pace, SlowRecords, Webhook } from './live.js'
import { madeUpCalls } from './made-up-calls.js'
import { inWholeSeconds, moment, momentsOf, toldAt } from './told-call.js'
import type { WebhookSender } from './webhook-sender.js'

export interface LiveOfficeOptions<Hook extends Webhook> {
  readonly office: Office
  readonly clock: EmulatorClock
  readonly agenda: Agenda
  readonly sender: WebhookSender
  readonly random: () => Random
  /** ms from the end of a call until its record can be read. */
  readonly recordDelayMs: number
  readonly slowRecords: SlowRecords | null
  /** ms from a record until its price and recording are known; 0: the record has them. */
  readonly settleDelayMs: number
  /** The provider's id of a call that begins. */
  readonly begin: (call: StoryCall) => string
  /** Posts what happened to whoever wants to know; resolves when it was posted once. */
  readonly onMoment: (call: LiveCall, moment: LiveMoment) => Promise<void>
  /** Writes the record; times are whole seconds. */
  readonly record: (call: StoryCall, id: string) => void | Promise<void>
  /** Writes into the record, if it is still there, what became known later. */
  readonly settle: (id: string, change: Pick<StoryCall, 'price' | 'recording'>) => void
  readonly deliverTo: (webhook: Hook | null) => void
}

/** One thing that happens in a call, some time after the one before. */
export interface ScriptedStep {
  readonly afterMs: number
  readonly act: (call: DrivenCall) => Promise<void> | void
}

/** The calls of one office that are under way, and those that are made up. */
export interface EmulatedOffice<Hook extends Webhook = Webhook> extends LiveOffice<Hook> {
  readonly calls: readonly DrivenCall[]
  /** Plays a call that is known to its end. */
  play(call: Omit<StoryCall, 'id'>): DrivenCall
  /** Begins a call that goes on as the script says, unless somebody else drives it. */
  place(call: NewLiveCall, script: readonly ScriptedStep[]): DrivenCall
  /** What happens in a call from now on, unless somebody else drives it. */
  follow(call: DrivenCall, script: readonly ScriptedStep[]): void
  reset(): void
}

export function createLiveOffice<Hook extends Webhook>(options: LiveOfficeOptions<Hook>): EmulatedOffice<Hook> {
  const { office, clock, agenda, sender, slowRecords } = options
  let { settleDelayMs } = options
  let calls: DrivenCall[] = []
  let begun = 0
  let ended = 0
  let stop = () => {}

  function begin(told: Omit<StoryCall, 'id'>): DrivenCall {
    begun += 1
    const story = { ...told, id: FIRST_ID + begun }
    const call = new DrivenCall(options.begin(story), story, { office, now: () => agenda.now(), onMoment })
    calls.push(call)
    return call
  }

  async function onMoment(call: DrivenCall, what: LiveMoment): Promise<void> {
    if (what.kind === 'ended') end(call)
    await options.onMoment(call, what)
  }

  function end(call: DrivenCall): void {
    calls = calls.filter((other) => other !== call)
    const { told, id } = call
    ended += 1
    const isSlow = slowRecords !== null && ended % slowRecords.every === 0
    agenda.at(told.endedAt + (isSlow ? slowRecords.delayMs : options.recordDelayMs), () => record(told, id))
  }

  function record(told: StoryCall, id: string): void {
    const whole = inWholeSeconds(told)
    const { price, recording } = whole
    const settlesLater = settleDelayMs > 0 && (price !== null || recording !== 'no')
    if (!settlesLater) return void options.record(whole, id)
    void options.record({ ...whole, price: null, recording: 'no' }, id)
    agenda.at(agenda.now() + settleDelayMs, () => options.settle(id, { price, recording }))
  }

  function play(planned: Omit<StoryCall, 'id'>): DrivenCall {
    const call = begin({ ...planned })
    const whole = call.told
    call.told = toldAt(whole, whole.startedAt)
    const cancels = momentsOf(whole).map((what) =>
      agenda.at(what.at, () => {
        call.told = what.kind === 'ended' ? whole : toldAt(whole, what.at)
        void onMoment(call, what)
      }),
    )
    call.cancelPlan = () => cancels.forEach((cancel) => cancel())
    agenda.run()
    return call
  }

  function place(given: NewLiveCall, script: readonly ScriptedStep[]): DrivenCall {
    const call = begin(newCall(given, office, clock.now()))
    void onMoment(call, moment('started', call.told.startedAt))
    follow(call, script)
    return call
  }

  function follow(call: DrivenCall, script: readonly ScriptedStep[]): void {
    doNext(call, script, agenda.now())
    agenda.run()
  }

  function doNext(call: DrivenCall, [next, ...rest]: readonly ScriptedStep[], before: number): void {
    if (!next) return
    const at = before + next.afterMs
    call.cancelPlan = agenda.at(at, () => {
      // Only what happens in other ways than by the script ends it.
      call.cancelPlan = () => {}
      void next.act(call)
      doNext(call, rest, at)
    })
  }

  function start(pace: Pace = {}): void {
    stop()
    const { callsPerMinute = 6, firstAfterMs = 2000 } = pace
    settleDelayMs = pace.settleDelayMs ?? options.settleDelayMs
    const random = options.random()
    const next = madeUpCalls(office, random.fork('live'), pace)
    const pauses = random.fork('pauses')
    const beginAt = (at: number) => {
      stop = agenda.at(at, () => {
        play(next(at))
        // No two at once, and no minute without a call.
        beginAt(at + Math.max(500, Math.min(60_000, pauses.exponential(60_000 / callsPerMinute))))
      })
    }
    beginAt(clock.now() + firstAfterMs)
  }

  async function advance(milliseconds: number): Promise<void> {
    clock.advance(milliseconds)
    await sender.settled()
  }

  return {
    get calls() {
      return calls
    },
    get deliveries() {
      return sender.deliveries
    },
    async call(given = {}) {
      const call = begin(newCall(given, office, clock.now()))
      await onMoment(call, moment('started', call.told.startedAt))
      return call
    },
    play,
    place,
    follow,
    start,
    stop: () => stop(),
    deliverTo: options.deliverTo,
    advance,
    settled: () => sender.settled(),
    reset() {
      stop()
      calls = []
      begun = 0
      ended = 0
      settleDelayMs = options.settleDelayMs
    },
  }
}

/** No call of the story has such a number. */
const FIRST_ID = 2_000_000

function newCall(given: NewLiveCall, office: Office, now: number): Omit<StoryCall, 'id'> {
  const { direction = 'in', kind = 'voice', recording = 'no' } = given
  const customer = office.calls.find((call) => call.direction === 'in' && call.outside !== null)
  const [first, second = first] = office.extensions
  const isInside = direction === 'local'
  const phone = (number: string | null | undefined) =>
    number == null ? null : find(office.extensions, number, 'extension').id
  const caller = given.from === undefined ? (first?.id ?? null) : phone(given.from)
  return {
    direction,
    kind,
    recording,
    outside: isInside ? null : given.outside === undefined ? (customer?.outside ?? null) : given.outside,
    outsideName: isInside
      ? null
      : given.outside === undefined
        ? (customer?.outsideName ?? null)
        : (given.outsideName ?? null),
    did: isInside ? null : (given.did ?? office.dids[0]?.number ?? null),
    from: direction === 'in' ? null : caller,
    to: isInside ? (phone(given.to) ?? second?.id ?? null) : null,
    startedAt: now,
    answeredAt: null,
    endedAt: Infinity,
    steps: [],
    outcome: 'no answer',
    hungUpBy: 'caller',
    price: null,
  }
}
