import { CallLegAction, CallLegResult, type CallLeg } from '../../../model/call-record.js'
import { inOrderOfTime } from '../../leg-order.js'
import type { AccountFacts } from '../../provider.js'

export type Leg = { -readonly [Key in keyof Omit<CallLeg, 'sequence'>]: CallLeg[Key] }

const PLACES: ReadonlySet<CallLegAction> = new Set([CallLegAction.ENTER_MENU, CallLegAction.ENTER_GROUP])

/** Collects legs with hierarchical ids: `2.1` rang under `2`. */
export class Legs {
  readonly all: Leg[] = []

  constructor(private readonly account: AccountFacts) {}

  begin(leg: Partial<Leg> & Pick<Leg, 'action' | 'startedAt'>, parent: Leg | null = null): Leg {
    const siblings = this.all.filter(({ parentId }) => parentId === (parent?.id ?? null)).length
    const begun: Leg = {
      id: parent ? `${parent.id}.${siblings + 1}` : String(siblings + 1),
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
