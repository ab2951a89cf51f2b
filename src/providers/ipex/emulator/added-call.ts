import type { StoryCall, StoryExtension, StoryStep } from '../../../emulator/story.js'
import type { Switchboard } from './switchboard.js'

const MINUTE = 60_000
const RINGING = 6000

/**
 * Completes a call of which a test gives only what matters. By default it came in on the first DID
 * a minute ago, was answered by the first phone and has just ended. With an `endedAt` in the future
 * it is a current call.
 */
export function completeCall(known: Partial<StoryCall>, id: number, { office }: Switchboard, now: number): StoryCall {
  const [first, second = first] = office.extensions as [StoryExtension, ...StoryExtension[]]
  const { direction = 'in', outcome = 'answered' } = known
  const startedAt = known.startedAt ?? Math.floor(((known.endedAt ?? now) - MINUTE) / 1000) * 1000
  const endedAt = known.endedAt ?? startedAt + MINUTE
  const answeredAt = outcome === 'answered' ? Math.min(endedAt, startedAt + RINGING) : null
  const inside = direction === 'local'
  const from = direction === 'in' ? null : (known.from ?? first.id)
  const to = inside ? (known.to ?? second.id) : null
  return {
    id,
    direction,
    kind: 'voice',
    outcome,
    startedAt,
    endedAt,
    answeredAt,
    from,
    to,
    outside: inside ? null : '+420600005001',
    outsideName: null,
    did: inside ? null : (office.dids[0]?.number ?? null),
    steps: direction === 'out' || outcome !== 'answered' ? [] : [taken(to ?? first.id, startedAt, answeredAt, endedAt)],
    hungUpBy: 'caller',
    recording: 'no',
    price: null,
    ...known,
  }
}

const taken = (extension: number, at: number, answeredAt: number | null, until: number): StoryStep => ({
  at,
  kind: 'extension',
  extension,
  until,
  rings: [{ extension, from: at, answeredAt, until, result: 'answered' }],
})
