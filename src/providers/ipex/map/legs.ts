import { CallLegAction, CallLegResult, type CallLeg } from '../../../model/call-record.js'
import { LegIds } from '../../leg-ids.js'
import { inOrderOfTime } from '../../leg-order.js'
import type { AccountFacts } from '../../provider.js'

export type Leg = { -readonly [Key in keyof Omit<CallLeg, 'sequence'>]: CallLeg[Key] }

const PLACES: ReadonlySet<CallLegAction> = new Set([CallLegAction.ENTER_MENU, CallLegAction.ENTER_GROUP])

/** What is known of a leg that begins; the rest follows. */
export type BegunLeg = Partial<Leg> & Pick<Leg, 'action' | 'startedAt'>

/** Collects the legs of one call. */
export class Legs {
  readonly all: Leg[] = []
  readonly #ids: LegIds

  /** `call`: the provider's own id. */
  constructor(
    call: string,
    private readonly account: AccountFacts,
  ) {
    this.#ids = new LegIds(account.key, call)
  }

  /** `facts`: what tells the leg from the others of the call, see LegIds. */
  begin(facts: readonly (string | null)[], leg: BegunLeg, parent: Leg | null = null): Leg {
    const begun: Leg = {
      __typename: 'CallLeg',
      id: this.#ids.next(...facts),
      parentId: parent?.id ?? null,
      nativeAction: null,
      answeredAt: null,
      endedAt: null,
      result: CallLegResult.UNKNOWN,
      nativeResult: null,
      targetRef: null,
      accountKey: this.account.key,
      ...leg,
    }
    this.all.push(begun)
    return begun
  }

  childrenOf(leg: Leg): Leg[] {
    return this.all.filter(({ parentId }) => parentId === leg.id)
  }

  /** In order of time; ties keep the order of creation, a parent before its children. */
  inOrder(wasAnswered: boolean): CallLeg[] {
    this.#settle(wasAnswered)
    return inOrderOfTime(this.all)
  }

  /** Derives the results that were not reported from what followed. */
  #settle(wasAnswered: boolean): void {
    const roots = this.all.filter(({ parentId }) => parentId === null)
    for (const [index, leg] of roots.entries()) {
      const next = roots[index + 1]
      if (leg.result === CallLegResult.UNKNOWN && PLACES.has(leg.action)) {
        leg.result = this.#resultOfPlace(leg, next !== undefined, wasAnswered)
        leg.answeredAt ??= this.childrenOf(leg).find(isTaken)?.answeredAt ?? null
      } else if (couldNotRing(leg) && next && next.action !== CallLegAction.VOICEMAIL) {
        // A phone that is unreachable, or forwards every call, is followed by the call's next step.
        leg.result = CallLegResult.CONTINUED
      }
    }
  }

  #resultOfPlace(leg: Leg, wentOn: boolean, wasAnswered: boolean): CallLegResult {
    const phones = this.childrenOf(leg)
    if (phones.some(isTaken)) return CallLegResult.ANSWERED
    // Where phones rang, their result says more than CONTINUED.
    if (phones.length > 0) return common(phones.map(({ result }) => result)) ?? CallLegResult.NO_ANSWER
    if (wentOn) return CallLegResult.CONTINUED
    // A menu answers every call.
    const isMenu = leg.action === CallLegAction.ENTER_MENU
    return isMenu || wasAnswered ? CallLegResult.ANSWERED : CallLegResult.NO_ANSWER
  }
}

const isTaken = ({ result }: Leg) => result === CallLegResult.ANSWERED
const couldNotRing = ({ action, result }: Leg) => action === CallLegAction.RING && result === CallLegResult.FAILED

/** Null when the phones ended differently: one word would be wrong for some. */
function common(results: readonly CallLegResult[]): CallLegResult | null {
  const [result, ...others] = new Set(results)
  return result !== undefined && others.length === 0 ? result : null
}
