import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import { createStory } from '../../src/emulator/create-story.js'
import type { StoryCall, StoryRing } from '../../src/emulator/story.js'
import { globalId } from '../../src/model/id.js'
import { NOW, startHarness, type Harness } from './harness.js'

const LINE = { ipex: '0101', bulutfon: '1003' } as const
type Place = keyof typeof LINE
const key = (place: Place) => `canary-key-of-a-person-at-${place}`

const story = createStory({ scale: 0.02, seed: 1, now: NOW })
const offices = { ipex: story.offices.prague, bulutfon: story.offices.izmir }
/** The own extension, and a colleague's. */
function lines(place: Place): readonly [own: number, colleague: number] {
  const { extensions } = offices[place]
  const own = extensions.find(({ number }) => number === LINE[place])!
  return [own.id, extensions.find(({ id }) => id !== own.id)!.id]
}

const harness: { at: Harness } = { at: null as never }
beforeAll(async () => {
  harness.at = await startHarness({
    accounts: { ipex: 'ipex/password', bulutfon: 'bulutfon/authorizationCode' },
    config: {
      callers: {
        apiKeys: (['ipex', 'bulutfon'] as const).map((place) => ({
          ...{ name: place, key: key(place), extension: `${place}/${LINE[place]}` },
          scopes: ['telephony:read:own', 'recordings:read', 'telephony:raw'],
        })),
      },
    },
    limits: { requestsPerSecond: 100_000, requestBurst: 100_000 },
  })
})
afterAll(() => harness.at.close())

async function ask<Data>(place: Place, query: string) {
  const { data, errors = [] } = await harness.at.query<Data>(query, {}, { authorization: `Bearer ${key(place)}` })
  return { data, errors: errors.map(({ extensions }) => extensions.code) }
}

interface Seen {
  readonly recordings: readonly { readonly id: string; readonly link: { readonly url: string } | null }[]
  readonly raw: unknown
}
const FIELDS = 'id recordings { id link { url } } raw'

/** A call that has just ended, as it is told by id and in a list with and without recordings. */
async function seen(place: Place, told: Partial<StoryCall>) {
  const added = harness.at.emulators[place].addCall({
    ...{ startedAt: START, endedAt: START + 60_000, recording: 'yes', outcome: 'answered', answeredAt: START + 6_000 },
    ...told,
  } as never)
  // IPEX writes a call a second after its end.
  harness.at.advance(120)
  const id = globalId('CallRecord', place, 'linkedid' in added ? added.linkedid : added.uuid)
  const listed = async (filter: string) => {
    const { data } = await ask<{ callRecords: { nodes: (Seen & { id: string })[] } }>(
      place,
      `{ callRecords(first: 5, filter: { startedAt: { from: "${new Date(START).toISOString()}" } ${filter} }) { nodes { ${FIELDS} } } }`,
    )
    return data.callRecords.nodes.find((call) => call.id === id)
  }
  const { data } = await ask<{ node: Seen }>(place, `{ node(id: "${id}") { ... on CallRecord { ${FIELDS} } } }`)
  return {
    byId: data.node,
    inList: (await listed(''))!,
    isFoundAs: {
      recorded: Boolean(await listed('hasRecording: true')),
      not: Boolean(await listed('hasRecording: false')),
    },
  }
}
const START = NOW - 300_000

const ring = (extension: number, result: StoryRing['result'], from = START, until = START + 60_000): StoryRing => ({
  ...{ extension, from, until, result },
  answeredAt: result === 'answered' ? from + 6_000 : null,
})

describe.each(['ipex', 'bulutfon'] as const)('to a person at %s', (place) => {
  const [own, colleague] = lines(place)

  test('a recording of a colleague’s talk is not there, whatever is asked of the call', async () => {
    const group = offices[place].groups.find(({ members }) => members.includes(own) && members.includes(colleague))
    const { byId, inList, isFoundAs } = await seen(place, {
      steps: [
        {
          ...{ at: START, until: START + 60_000, kind: 'group', group: group?.id ?? offices[place].groups[0]!.id },
          rings: [ring(own, 'elsewhere', START, START + 6_000), ring(colleague, 'answered')],
        },
      ],
    })
    const nothing = expect.objectContaining({ recordings: [], raw: null })
    expect({ byId, inList, isFoundAs }).toEqual({
      ...{ byId: nothing, inList: nothing },
      isFoundAs: { recorded: false, not: true },
    })
  })

  test('its own recordings are there, with the payload of the call, and a filter finds them', async () => {
    const { byId, inList, isFoundAs } = await seen(place, {
      steps: [{ at: START, until: START + 60_000, kind: 'extension', extension: own, rings: [ring(own, 'answered')] }],
    })
    const all = expect.objectContaining({
      recordings: [{ id: expect.any(String), link: { url: expect.any(String) } }],
      raw: expect.any(Object),
    })
    expect({ byId, inList, isFoundAs }).toEqual({
      ...{ byId: all, inList: all },
      isFoundAs: { recorded: true, not: false },
    })
  })

  test('a line that sent the call on to a colleague has not spoken', async () => {
    const { byId, isFoundAs } = await seen(place, {
      steps: [
        { at: START, until: START + 60_000, kind: 'extension', extension: own, rings: [ring(colleague, 'answered')] },
      ],
    })
    // IPEX names the phone that rang, so there it is no call of this line at all.
    expect([byId?.recordings ?? [], isFoundAs.recorded]).toEqual([[], false])
  })
})

test('after a transfer each has the recording of what they said', async () => {
  const [own, colleague] = lines('ipex')
  const later = START + 30_000
  const { byId } = await seen('ipex', {
    steps: [
      {
        ...{ at: START, until: later, kind: 'extension', extension: own },
        rings: [ring(own, 'answered', START, later)],
      },
      {
        ...{ at: later, until: START + 60_000, kind: 'extension', extension: colleague },
        rings: [ring(colleague, 'answered', later)],
      },
    ],
  })
  expect(byId.recordings).toHaveLength(1)
  expect(Buffer.from(byId.recordings[0]!.id, 'base64url').toString()).toContain(`-${LINE.ipex}.mp3`)
  expect(byId.raw).toBeNull()
})

interface Page {
  readonly nodes: readonly { readonly id: string; readonly startedAt: string }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
  readonly sources: readonly {
    readonly upstreamRequests: number
    readonly gap: { readonly from: string | null; readonly until: string | null; readonly retryCursor: string } | null
  }[]
}
const PAGE =
  '{ nodes { id startedAt } pageInfo { hasNextPage endCursor } sources { upstreamRequests gap { from until retryCursor } } }'

test('what a page lacks is told by its own calls, and is fetched to the last', async () => {
  const list = `{ callRecords(first: 100) ${PAGE} }`
  const { data: whole } = await ask<{ callRecords: Page }>('bulutfon', list)
  const own = whole.callRecords.nodes
  expect(own.length).toBeGreaterThan(0)
  // Whose an incoming call is only its detail tells: reading breaks off at the first, whosever it is.
  harness.at.emulators.bulutfon.faults.next({ path: /\/cdrs\/[\w-]+/, status: 500, times: Infinity })
  const { data } = await ask<{ callRecords: Page }>('bulutfon', list)
  harness.at.clear()
  const { nodes, sources } = data.callRecords
  const [{ gap, upstreamRequests } = { gap: null, upstreamRequests: null }] = sources
  expect(upstreamRequests).toBe(0)
  const now = new Date(harness.at.clock.now()).toISOString()
  expect([...own.map(({ startedAt }) => startedAt), now, null]).toContain(gap!.until)
  expect(gap!.from).toBeNull()
  const { data: rest } = await ask<{ callRecordGap: Page }>(
    'bulutfon',
    `{ callRecordGap(cursor: "${gap!.retryCursor}", first: 100) ${PAGE} }`,
  )
  expect([...nodes, ...rest.callRecordGap.nodes]).toEqual(own)
})

test.each(['ipex', 'bulutfon'] as const)(
  'nobody reads in a cursor of %s what lies between its own calls',
  async (place) => {
    const { data } = await ask<{ callRecords: Page }>(place, `{ callRecords(first: 1) ${PAGE} }`)
    const { endCursor } = data.callRecords.pageInfo
    // The direction begins every cursor that can be read; a shorter text may stand in encrypted bytes by chance.
    expect(Buffer.from(endCursor!, 'base64url').toString('latin1')).not.toContain('"DESC"')
    const { data: next, errors } = await ask<{ callRecords: Page }>(
      place,
      `{ callRecords(first: 1, after: "${endCursor}") ${PAGE} }`,
    )
    expect({ errors, count: next.callRecords.nodes.length }).toEqual({ errors: [], count: 1 })
  },
)
