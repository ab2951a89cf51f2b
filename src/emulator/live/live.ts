import type { StoryCall, StoryRing, StoryStep } from '../story.js'

/** What somebody else's server asked to be told, and where. */
export interface Webhook {
  readonly url: string
  /** HTTP Basic. */
  readonly basic?: { readonly username: string; readonly password: string }
  /** How often each delivery is posted. Default 1. */
  readonly copies?: number
  /**
   * Order of the deliveries of one call. `swapped`: each second one before the first of its pair;
   * `reversed`: all of them once the call is over, the last one first. Default: as it happened.
   */
  readonly order?: 'kept' | 'swapped' | 'reversed'
  /** Attempts at a delivery that nobody answers, or that is answered by a 5xx or 429. Default 5. */
  readonly attempts?: number
  /** Each number of the office has a webhook that is set up a little differently. Default false. */
  readonly varied?: boolean
}

/** One event as it was posted; the secret end of the address is left out. */
export interface Delivery {
  /** With `***` for the last part of its path. */
  readonly url: string
  readonly contentType: string
  readonly body: string
  /** The values of `body`; those of a form are texts. */
  readonly values: Readonly<Record<string, unknown>>
  /** The last answer; null while there is none, or when none came. */
  readonly status: number | null
  /** ms on the emulator's clock, one for each attempt. */
  readonly attempts: readonly number[]
  /** No further attempt will be made. */
  readonly isDone: boolean
}

/** What happened in a call. `ringing` and `answered` are of one phone, or of an outside one. */
export interface LiveMoment {
  readonly kind: 'started' | 'menu' | 'group' | 'ringing' | 'answered' | 'transferred' | 'ended'
  /** ms. */
  readonly at: number
  readonly step: StoryStep | null
  readonly ring: StoryRing | null
}

/** The call as it is told up to now: what has not ended yet ends at `Infinity`. */
export type ToldCall = StoryCall

/** A call to be made; what is not given is made up. */
export interface NewLiveCall {
  /** Default `in`. */
  readonly direction?: StoryCall['direction']
  readonly kind?: StoryCall['kind']
  /** E.164; null: a hidden number. Default: a customer. */
  readonly outside?: string | null
  readonly outsideName?: string | null
  /** E.164 of our number. Default: the first of the office. */
  readonly did?: string
  /** Internal number of the phone that calls; null: none does. Default: the first one. */
  readonly from?: string | null
  /** Internal number that an internal call dials. Default: the second phone. */
  readonly to?: string
  readonly recording?: StoryCall['recording']
}

/**
 * A call under way, driven step by step. Each step happens now, and is done when what it tells was
 * posted once. Numbers are internal ones; `+…` leads outside.
 */
export interface LiveCall {
  /** The provider's id: of its events, and of its record. */
  readonly id: string
  readonly told: ToldCall
  readonly isOver: boolean
  /** Of the phone that calls: it dialled itself, or rings first as the API asked for. */
  readonly callerPhone: 'dialled' | 'rings' | 'has answered'
  /** The phone that is to call rings, before the number is called. */
  ringCaller(): Promise<void>
  /** It is answered. */
  answerCaller(): void
  /** Default: the first menu. */
  enterMenu(number?: string): Promise<void>
  /** Default: the first group. */
  enterGroup(number?: string): Promise<void>
  /** Default: the next phone of the group that the call is in, else the first phone. */
  ring(...numbers: string[]): Promise<void>
  /** A ringing phone no longer rings. Default: the first of those that ring. */
  silence(number?: string, result?: 'no answer' | 'busy' | 'rejected'): Promise<void>
  /** Default: the first phone that rings; an outgoing call is answered outside. */
  answer(number?: string): Promise<void>
  /** The phone that talks hands the call on; `attended`: after it was answered there. */
  transfer(number: string, how?: { readonly attended?: boolean }): Promise<void>
  hangUp(by?: StoryCall['hungUpBy']): Promise<void>
}

/** How an office lives on by itself. */
export interface Pace {
  /** Default 6. */
  readonly callsPerMinute?: number
  /** 2: everything within a call takes half its time. Default 1. */
  readonly speed?: number
  /** ms until the first call. Default 2000. */
  readonly firstAfterMs?: number
  /** ms from a record to its price and recording. Default: the knob of the emulator. */
  readonly settleDelayMs?: number
}

/** Records that a slow collector writes: every `every`th call's, `delayMs` after its end. */
export interface SlowRecords {
  readonly every: number
  readonly delayMs: number
}

/** An office whose calls go on after the story has ended. */
export interface LiveOffice<Hook extends Webhook = Webhook> {
  /** Under way, earliest first. */
  readonly calls: readonly LiveCall[]
  call(given?: NewLiveCall): Promise<LiveCall>
  /** Calls begin by themselves from now on: the same ones for the same seed. */
  start(pace?: Pace): void
  /** No further calls begin; those under way go on. */
  stop(): void
  /** Sets the webhook up; null removes it. */
  deliverTo(webhook: Hook | null): void
  /** Everything posted so far, in order of the first attempts. */
  readonly deliveries: readonly Delivery[]
  /** Moves the clock, and waits until what became due was posted. */
  advance(milliseconds: number): Promise<void>
  /** Until nothing is being posted. */
  settled(): Promise<void>
}
