import type { EmulatorClock } from '../../../emulator/emulator.js'
import { json, type Route } from '../../../emulator/serve.js'
import type { StoryCall, StoryStep } from '../../../emulator/story.js'
import type { Company } from './companies.js'
import type { Gate } from './gate.js'
import { parametersOf, textOf } from './parameters.js'
import { unprocessable } from './refusals.js'
import type { StartedByApi } from './webhooks.js'

export interface CallAndBridgeSettings {
  readonly clock: Pick<EmulatorClock, 'now'>
  /** Makes the call, which is known to its end. */
  readonly begin: (company: Company, call: Omit<StoryCall, 'id'>, told: StartedByApi) => void
}

/**
 * `POST /call_and_bridge` dials `callee` showing the DID `caller`, and bridges the call to
 * `destination`, whose length gives its kind: two digits a menu, three a group, four an extension.
 * `timeout` is how long it rings, seconds. The response has no call id; the call is in the log once it
 * has ended.
 */
export function callAndBridgeRoute({ guard }: Gate, { clock, begin }: CallAndBridgeSettings): Route {
  return {
    method: 'POST',
    pattern: /\/call_and_bridge(?:\.json)?\/?/,
    handle: guard((request, company) => {
      const sent = parametersOf(request)
      const [caller, callee, destination] = ['caller', 'callee', 'destination'].map((name) => textOf(sent, name))
      if (!caller || !callee || !destination) return unprocessable('caller, callee and destination are required')
      const did = company.office.dids.find(({ number }) => number === `+${caller}`)
      if (!did) return unprocessable('caller is not one of your numbers')
      if (!/^\d{7,15}$/.test(callee)) return unprocessable('callee is not a number')
      const timeout = textOf(sent, 'timeout')
      if (timeout !== null && !/^[1-9]\d*$/.test(timeout)) return unprocessable('timeout is not a number of seconds')
      const startedAt = Math.floor(clock.now() / 1000) * 1000
      const step = stepAt(company, destination, startedAt + ANSWERS_AFTER)
      if (!step) return unprocessable('destination is not known')
      const rung = timeout === null ? Infinity : Number(timeout) * 1000
      const call = {
        direction: 'out' as const,
        kind: 'voice' as const,
        outside: `+${callee}`,
        outsideName: null,
        did: did.number,
        from: step.kind === 'extension' ? step.extension : null,
        to: null,
        startedAt,
        endedAt: step.until,
        answeredAt: step.at,
        steps: [step],
        outcome: 'answered' as const,
        hungUpBy: 'callee' as const,
        recording: 'no' as const,
        price: 0.2735,
      }
      const [data, callback] = [textOf(sent, 'additional_data'), textOf(sent, 'callback_url')]
      begin(company, rung < ANSWERS_AFTER ? unanswered(call, startedAt + rung) : call, {
        autodial: true,
        additional_data: data,
        callback_url: callback,
      })
      return json({ success: true, message: 'Arama başlatıldı' })
    }),
  }
}

/** ms until the destination answers. */
const ANSWERS_AFTER = 8000

/** Nobody was there in time. */
const unanswered = (call: Omit<StoryCall, 'id'>, endedAt: number): Omit<StoryCall, 'id'> => ({
  ...call,
  endedAt,
  answeredAt: null,
  steps: [],
  outcome: 'no answer',
  hungUpBy: 'system',
  price: null,
})

function stepAt(
  { office }: Company,
  destination: string,
  at: number,
): Extract<StoryStep, { kind: 'menu' | 'group' | 'extension' }> | null {
  const until = at + 30_000
  const of = <T extends { number: string }>(list: readonly T[]) => list.find(({ number }) => number === destination)
  const menu = destination.length === 2 ? of(office.menus) : undefined
  if (menu) return { at, until, kind: 'menu', menu: menu.id }
  const group = destination.length === 3 ? of(office.groups) : undefined
  if (group) return { at, until, kind: 'group', group: group.id, rings: [] }
  const extension = destination.length === 4 ? of(office.extensions) : undefined
  if (!extension) return null
  const { id } = extension
  const ring = { extension: id, from: at, answeredAt: at, until, result: 'answered' as const }
  return { at, until, kind: 'extension', extension: id, rings: [ring] }
}
