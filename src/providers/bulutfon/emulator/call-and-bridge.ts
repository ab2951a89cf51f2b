import type { EmulatorClock } from '../../../emulator/emulator.js'
import { json, type Route } from '../../../emulator/serve.js'
import type { StoryStep } from '../../../emulator/story.js'
import type { Company } from './companies.js'
import type { Gate } from './gate.js'
import { parametersOf, textOf } from './parameters.js'
import { unprocessable } from './refusals.js'

/**
 * `POST /call_and_bridge` dials `callee` showing the DID `caller`, and bridges the call to
 * `destination`, whose length gives its kind: two digits a menu, three a group, four an extension.
 * The response has no call id; the call is in the log once it has ended.
 */
export function callAndBridgeRoute({ guard }: Gate, clock: Pick<EmulatorClock, 'now'>): Route {
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
      const startedAt = Math.floor(clock.now() / 1000) * 1000
      const step = stepAt(company, destination, startedAt + 8000)
      if (!step) return unprocessable('destination is not known')
      company.calls.add({
        direction: 'out',
        kind: 'voice',
        outside: `+${callee}`,
        outsideName: null,
        did: did.number,
        from: step.kind === 'extension' ? step.extension : null,
        to: null,
        startedAt,
        endedAt: step.until,
        answeredAt: step.at,
        steps: [step],
        outcome: 'answered',
        hungUpBy: 'callee',
        recording: 'no',
        price: 0.2735,
      })
      return json({ success: true, message: 'Arama başlatıldı' })
    }),
  }
}

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
  return extension ? { at, until, kind: 'extension', extension: extension.id, rings: [] } : null
}
