import { CallDirection, CallLegAction, CallLegResult, type CallLeg } from '../../../model/call-record.js'
import { compareText } from '../../../model/values/compare-text.js'
import { toInstant } from '../../../model/values/date-time.js'
import type { Reference } from '../../../model/reference.js'
import { received, text } from '../../../model/values/wire-value.js'
import type { AccountFacts } from '../../provider.js'
import { endOrStart, inLogOrder, originOf, type CallRow } from '../call-rows.js'
import type { WireEvent } from '../wire.js'
import { destinationOf, dialled, didOf, externalOf } from './endpoints.js'
import { Legs, type BegunLeg, type Leg } from './legs.js'
import { directionOf, isTaken } from './row-facts.js'

interface CallEvent {
  /** In capitals, without separators. */
  readonly word: string
  readonly native: string
  readonly at: string
  readonly src: string | null
  readonly dst: string | null
}

/** How one phone's ringing ended, in Asterisk's words or similar ones. */
const UNANSWERED_RESULT: Readonly<Record<string, CallLegResult>> = {
  NOANSWER: CallLegResult.NO_ANSWER,
  BUSY: CallLegResult.BUSY,
  REJECTED: CallLegResult.REJECTED,
  CANCEL: CallLegResult.CANCELLED,
  CONGESTION: CallLegResult.FAILED,
  FAILED: CallLegResult.FAILED,
  ANSWEREDELSEWHERE: CallLegResult.ANSWERED_ELSEWHERE,
  PICKUP: CallLegResult.ANSWERED_ELSEWHERE,
}

/** Events that end what has ended already, or that have no leg. */
const IGNORED_EVENTS = new Set(['CHANEND', 'LINKEDIDEND', 'APPSTART', 'APPEND', 'LOCALOPTIMIZE'])

/**
 * Maps `/calls/{linkedid}/detail` to legs: menus, groups with the phones that rang in them,
 * transfers, forwards. The event types are not published: Asterisk's channel events (CEL) are
 * understood, any other becomes a leg with its word beside it. `rows` have what events lack: the
 * direction and the names of queues. A leg is known by the kind, number and time of the event it
 * begins with. Null when no event can be read.
 */
export function toLegs(
  call: string,
  events: readonly unknown[],
  rows: readonly CallRow[],
  timeZone: string,
  account: AccountFacts,
): CallLeg[] | null {
  const parsed = events.flatMap((event) => readEvent(event, timeZone) ?? []).sort((a, b) => compareText(a.at, b.at))
  const builder = new LegBuilder(call, inLogOrder(rows), account)
  parsed.forEach((event, index) => builder.apply(event, index === 0))
  return parsed.length > 0 ? builder.legs() : null
}

/** How many of the events cannot be read. */
export const unreadableEvents = (events: readonly unknown[], timeZone: string): number =>
  events.filter((event) => readEvent(event, timeZone) === null).length

class LegBuilder {
  readonly #legs: Legs
  /** The menu or group the call is in. */
  #place: Leg | null = null
  /** The phone that rings or talks at each number. */
  readonly #phones = new Map<string, Leg>()
  #mailbox: Leg | null = null
  /** The dialled number, until the call moves on from it: a fax machine may answer right there. */
  #entry: { readonly number: string | null; readonly leg: Leg } | null = null
  readonly #direction: CallDirection
  /** Numbers that the rows say were dialled to the outside. */
  readonly #outside: ReadonlySet<string>

  constructor(
    call: string,
    private readonly rows: readonly CallRow[],
    private readonly account: AccountFacts,
  ) {
    this.#legs = new Legs(call, account)
    this.#direction = rows.length > 0 ? directionOf(originOf(rows)) : CallDirection.UNKNOWN
    const out = rows.filter((row) => directionOf(row) === CallDirection.OUTBOUND)
    this.#outside = new Set(out.flatMap(({ wire }) => dialled(wire.dst) ?? []))
  }

  legs(): CallLeg[] {
    return this.#legs.inOrder(this.rows.some((row) => isTaken(row, this.#direction, this.account)))
  }

  apply(event: CallEvent, isFirst: boolean): void {
    const { word, at, dst } = event
    const phone = dst === null ? undefined : (this.#phones.get(dst) ?? this.#entryAt(dst))
    switch (word) {
      case 'CHANSTART':
        return isFirst && this.#cameIn(event) ? this.#enterDid(event) : this.#ring(event)
      case 'IVRENTER':
        return this.#enter(
          event,
          CallLegAction.ENTER_MENU,
          dst === null ? null : { kind: 'AutoAttendant', id: dst, number: dst, name: null },
        )
      case 'QUEUEENTER':
        return this.#enter(event, CallLegAction.ENTER_GROUP, this.#queueAt(event))
      case 'IVREXIT':
      case 'QUEUEEXIT':
        return this.#leavePlace(at)
      case 'FORWARD':
        return this.#ring(event, CallLegAction.FORWARD)
      case 'BLINDTRANSFER':
      case 'ATTENDEDTRANSFER':
        this.#leavePlace(at)
        return void this.#begin('transfer', event, {
          action: CallLegAction.TRANSFER,
          targetRef: this.#target(dst),
          result: CallLegResult.CONTINUED,
        })
      case 'ANSWER':
      case 'BRIDGEENTER':
        return phone && answered(phone, at)
      case 'BRIDGEEXIT':
        return phone && ended(phone, at)
      case 'HANGUP':
        if (phone) ended(phone, at)
        return dst === null ? undefined : void this.#phones.delete(dst)
      case 'VOICEMAILSTART':
        this.#leavePlace(at)
        this.#mailbox = this.#begin('mailbox', event, {
          action: CallLegAction.VOICEMAIL,
          targetRef: { kind: 'VoicemailBox', number: dst },
          answeredAt: at,
          result: CallLegResult.ANSWERED,
        })
        return
      case 'VOICEMAILEND':
        return this.#mailbox ? ended(this.#mailbox, at) : undefined
      default:
        return this.#applyOther(event, phone)
    }
  }

  #applyOther(event: CallEvent, phone: Leg | undefined): void {
    const unanswered = UNANSWERED_RESULT[event.word]
    if (unanswered && phone) {
      phone.result = unanswered
      phone.nativeResult = event.native
      ended(phone, event.at)
    } else if (!unanswered && !IGNORED_EVENTS.has(event.word)) {
      this.#begin(event.word, event, { action: CallLegAction.UNKNOWN, targetRef: this.#target(event.dst) })
    }
  }

  /** The first channel of an incoming call is the caller's, and `dst` the dialled number. */
  #cameIn({ dst }: CallEvent): boolean {
    return this.#direction === CallDirection.INBOUND && this.#target(dst)?.kind === 'ExternalNumber'
  }

  #enterDid(event: CallEvent): void {
    const targetRef = event.dst === null ? null : didOf(event.dst, this.account)
    const leg = this.#begin('channel', event, {
      action: CallLegAction.ENTER_DID,
      targetRef,
      result: CallLegResult.CONTINUED,
    })
    this.#entry = { number: event.dst, leg }
  }

  #entryAt(number: string): Leg | undefined {
    return this.#entry?.number === number ? this.#entry.leg : undefined
  }

  /**
   * Any new leg means that the call has moved on from the dialled number. `kind` is not the action:
   * a channel stays the same leg when a later row shows that it is the dialled number or a forward.
   */
  #begin(kind: string, { native, at, dst }: CallEvent, leg: Omit<BegunLeg, 'startedAt'>, parent: Leg | null = null) {
    this.#entry = null
    return this.#legs.begin([kind, at, dst], { nativeAction: native, startedAt: at, ...leg }, parent)
  }

  #ring(event: CallEvent, action = CallLegAction.RING): void {
    const targetRef = this.#target(event.dst)
    // Without a number nothing rings: it is a step of the dialplan.
    if (targetRef === null && action === CallLegAction.RING) return
    const known = event.dst === null ? undefined : this.#phones.get(event.dst)
    // A channel start is repeated where the call's own channel, or the forward, is the ringing
    // phone.
    if (known && known.result === CallLegResult.UNKNOWN && known.answeredAt === null) return
    const outside =
      targetRef?.kind === 'ExternalNumber' && this.rows.length > 0 && this.#direction !== CallDirection.OUTBOUND
    const group =
      this.#place?.action === CallLegAction.ENTER_GROUP && action === CallLegAction.RING ? this.#place : null
    const leg = this.#begin('channel', event, { action: outside ? CallLegAction.FORWARD : action, targetRef }, group)
    if (event.dst !== null) this.#phones.set(event.dst, leg)
  }

  #enter(event: CallEvent, action: CallLegAction, targetRef: Reference | null): void {
    this.#leavePlace(event.at)
    this.#place = this.#begin('place', event, { action, targetRef })
  }

  #leavePlace(at: string): void {
    if (this.#place) ended(this.#place, at)
    this.#place = null
  }

  /**
   * Events have the queue's number; the rows have its name, which is how `/members` identifies it.
   */
  #queueAt({ at, dst }: CallEvent): Reference | null {
    const time = Date.parse(at)
    const rowsInQueues = this.rows.filter((row) => text(row.wire.queue) !== null)
    const row = rowsInQueues.find((candidate) => endOrStart(candidate) >= time) ?? rowsInQueues.at(-1)
    if (row) return { kind: 'Group', name: text(row.wire.queue), nativeType: 'queue' }
    return dst === null ? null : { kind: 'Group', number: dst, nativeType: 'queue' }
  }

  #target(number: string | null): Reference | null {
    if (number === null) return null
    return this.#outside.has(number) ? externalOf(number, this.account) : destinationOf(number, this.account)
  }
}

function answered(phone: Leg, at: string): void {
  phone.answeredAt ??= at
  phone.result = CallLegResult.ANSWERED
}

function ended(leg: Leg, at: string): void {
  leg.endedAt ??= at
}

function readEvent(value: unknown, timeZone: string): CallEvent | null {
  const wire = received<WireEvent>(value)
  const native = text(wire?.eventtype)
  const at = toInstant(text(wire?.eventtime), timeZone)
  if (!wire || native === null || at === null) return null
  return {
    word: native.toUpperCase().replace(/[^A-Z0-9]/g, ''),
    native,
    at,
    src: text(wire.src),
    dst: dialled(wire.dst),
  }
}
