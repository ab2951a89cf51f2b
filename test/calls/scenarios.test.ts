import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'

import type { Office } from '../../src/emulator/story.js'
import { createStory } from '../../src/emulator/create-story.js'
import type { BulutfonEmulator } from '../../src/providers/bulutfon/emulator/emulator.js'
import type { IpexEmulator } from '../../src/providers/ipex/emulator/emulator.js'
import { startSandboxedServer, type SandboxedServer } from '../server/sandboxed-server.js'
import { castOf, rolesIn, scenarios, type Dialect, type Golden } from './scenarios.js'

const HOUR = 3_600_000
const NOW = Date.parse('2026-03-17T15:30:00Z')
const SCALE = 0.05
/** Long before the calls of the emulators' own story. */
const FIRST = NOW - 200 * 24 * HOUR

const { offices } = createStory({ now: NOW, scale: SCALE })
const OFFICE: Readonly<Record<Dialect, Office>> = { bulutfon: offices.izmir, ipex: offices.prague }
const DIALECT: Readonly<Record<string, Dialect>> = { izmir: 'bulutfon', prague: 'ipex' }

const QUERY = /* GraphQL */ `
  query Told($from: DateTime!, $until: DateTime!) {
    callRecords(first: 10, filter: { startedAt: { from: $from, until: $until } }) {
      totalCount
      nodes {
        account {
          key
        }
        kind
        direction
        disposition
        caller {
          number
        }
        answeredBy {
          __typename
          ... on Extension {
            number
          }
          ... on ExternalNumber {
            e164: number
          }
        }
        groups {
          number
        }
        legs {
          id
          parentId
          action
          result
          startedAt
          target {
            __typename
            ... on Extension {
              number
            }
            ... on Group {
              groupNumber: number
            }
            ... on AutoAttendant {
              menuNumber: number
            }
            ... on VoicemailBox {
              boxNumber: number
            }
            ... on ExternalNumber {
              e164: number
            }
          }
        }
      }
    }
  }
`

type Role = ReturnType<typeof rolesIn>

interface Target {
  readonly __typename: string
  readonly [number: string]: string | null
}

interface Leg {
  readonly id: string
  readonly parentId: string | null
  readonly action: string
  readonly result: string
  readonly startedAt: string
  readonly target: Target | null
}

interface Call extends Pick<Golden, 'kind' | 'direction' | 'disposition'> {
  readonly account: { readonly key: string }
  readonly caller: { readonly number: string | null }
  readonly answeredBy: Target | null
  readonly groups: readonly { readonly number: string | null }[]
  readonly legs: readonly Leg[] | null
}

let server: SandboxedServer
beforeAll(async () => {
  server = await startSandboxedServer({ scale: SCALE, at: NOW })
})
afterAll(() => server.close())

describe('a call told once, as Bulutfon and as IPEX have it', () => {
  test.each(scenarios.map((scenario, index) => ({ ...scenario, at: FIRST + index * HOUR })))(
    '$name',
    async ({ at, story, golden, except = {} }) => {
      emulator<BulutfonEmulator>('bulutfon').addCall(story(castOf(OFFICE.bulutfon, at)))
      emulator<IpexEmulator>('ipex').addCall(story(castOf(OFFICE.ipex, at)))

      const calls = await readBack(at)
      expect(calls.map(({ account }) => account.key).sort()).toEqual(['izmir', 'prague'])
      for (const call of calls) {
        const dialect = DIALECT[call.account.key]!
        const told = goldenOf(call, rolesIn(OFFICE[dialect]))
        expect({ dialect, ...told }).toEqual({ dialect, ...golden, ...except[dialect]?.tells })
      }
    },
  )

  test('differs between the two only where a reason is given, and never without differing', () => {
    expect(scenarios.length).toBeGreaterThanOrEqual(12)
    for (const { golden, except = {} } of scenarios) {
      for (const { why, tells } of Object.values(except)) {
        expect(why).toMatch(/\w+ \w+/)
        for (const [field, value] of Object.entries(tells)) expect(value).not.toEqual(golden[field as keyof Golden])
      }
      expect(Object.keys(except).length).toBeLessThan(2)
    }
  })
})

const emulator = <E>(slug: Dialect): E => server.sandbox.emulators.get(slug) as unknown as E

async function readBack(at: number): Promise<readonly Call[]> {
  const variables = { from: new Date(at).toISOString(), until: new Date(at + HOUR).toISOString() }
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: QUERY, variables }),
  })
  const { data, errors } = (await response.json()) as { data: { callRecords: { nodes: Call[] } }; errors?: unknown }
  expect(errors).toBeUndefined()
  return data.callRecords.nodes
}

function goldenOf(call: Call, role: Role): Golden {
  const { kind, direction, disposition, caller, answeredBy, groups, legs } = call
  return {
    ...{ kind, direction, disposition },
    caller: caller.number === null ? null : role('ExternalNumber', caller.number),
    answeredBy: nameOf(answeredBy, role),
    groups: groups.map(({ number }) => role('Group', number)),
    legs: legs && [...legs].filter(({ parentId }) => parentId === null).flatMap((leg) => lines(leg, legs, role, '')),
  }
}

/** A step and, indented, what rang under it. */
function lines(leg: Leg, legs: readonly Leg[], role: Role, indent: string): string[] {
  const under = legs
    .filter(({ parentId }) => parentId === leg.id)
    .map((child) => ({ at: child.startedAt, lines: lines(child, legs, role, `${indent}  `) }))
    // Phones that ring together come in no particular order.
    .sort((a, b) => (a.at + a.lines[0]! < b.at + b.lines[0]! ? -1 : 1))
  return [`${indent}${leg.action} ${nameOf(leg.target, role)} ${leg.result}`, ...under.flatMap((child) => child.lines)]
}

function nameOf(target: Target | null, role: Role): string | null {
  if (!target) return null
  const { __typename: kind, ...numbers } = target
  return role(kind, Object.values(numbers)[0] ?? null)
}
