import { CallLegAction, CallLegResult, type CallLeg } from '../../../model/call-record.js'
import type { AccountFacts } from '../../provider.js'

export type Leg = { -readonly [Key in keyof Omit<CallLeg, 'sequence'>]: CallLeg[Key] }

const PLACES: ReadonlySet<CallLegAction> = new Set([CallLegAction.ENTER_MENU, CallLegAction.ENTER_GROUP])

/** Legs as they come up, numbered like the chapters of a book: `2.1` rang under `2`. */
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

  /** In order of time; what began in the same moment keeps the order it was told in, a parent before its children. */
  inOrder(wasAnswered: boolean): CallLeg[] {
    this.#settle(wasAnswered)
    return [...this.all]
      .sort((a, b) => (a.startedAt < b.startedAt ? -1 : a.startedAt > b.startedAt ? 1 : 0))
      .map((leg, sequence) => ({ ...leg, sequence }))
  }

  /** What nobody said of a menu or a group follows from what came of it. */
  #settle(wasAnswered: boolean): void {
    const roots = this.all.filter(({ parentId }) => parentId === null)
    for (const [index, leg] of roots.entries()) {
      if (leg.result !== CallLegResult.UNKNOWN || !PLACES.has(leg.action)) continue
      const phones = this.childrenOf(leg)
      const taken = phones.find(({ result }) => result === CallLegResult.ANSWERED)
      if (taken) {
        leg.result = CallLegResult.ANSWERED
        leg.answeredAt = taken.answeredAt
      } else if (index < roots.length - 1) leg.result = CallLegResult.CONTINUED
      else
        leg.result =
          common(phones.map(({ result }) => result)) ?? (wasAnswered ? CallLegResult.ANSWERED : CallLegResult.NO_ANSWER)
    }
  }
}

/** One word for phones that ended differently would be wrong for some. */
function common(results: readonly CallLegResult[]): CallLegResult | null {
  const [result, ...others] = new Set(results)
  return result !== undefined && others.length === 0 ? result : null
}
