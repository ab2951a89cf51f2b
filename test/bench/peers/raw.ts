/** No GraphQL at all: reads the request, asks for what it needs at once, picks the fields and prints them. The least that the work can cost. */
import type { IncomingMessage } from 'node:http'

import { Directory, officeOf, task } from './directory.js'
import { listen } from './listen.js'
import { accountKeyOf, globalId, inOrder, statusOf, toCall, toHours, toProfile } from './model.js'
import type { WireDid, WireExtension, WireGroup } from './wire.js'

interface Variables {
  readonly id: string
  readonly first: number
  readonly status?: readonly string[]
}

const answers: Readonly<Record<string, (variables: Variables) => Promise<unknown>>> = {
  async Numbers({ id, first, status }) {
    const office = officeOf(accountKeyOf(id))
    if (!office) return { account: null }
    const { key, label } = office
    const source = new Directory(key)
    const [me, wires, extensions, groups] = await Promise.all([
      source.me(),
      source.dids(),
      source.extensions(),
      source.groups(),
    ])
    const wanted = status ? wires.filter(({ state }) => status.includes(statusOf(state))) : wires
    const nodes = wanted.slice(0, first).map((wire) => ({
      id: globalId('D', key, wire.id),
      number: `+${wire.number}`,
      status: statusOf(wire.state),
      destination: destination(key, wire, extensions, groups, true),
    }))
    return { account: { id, label, profile: toProfile(me), dids: { totalCount: wanted.length, nodes } } }
  },

  async Hours({ id, first }) {
    const office = officeOf(accountKeyOf(id))
    if (!office) return { account: null }
    const { key } = office
    const source = new Directory(key)
    const [dids, extensions, groups] = await Promise.all([source.dids(), source.extensions(), source.groups()])
    const nodes = await Promise.all(
      dids.slice(0, first).map(async (wire) => ({
        id: globalId('D', key, wire.id),
        number: `+${wire.number}`,
        businessHours: toHours(wire.working_hour ? await source.did(wire.id) : wire),
        destination: destination(key, wire, extensions, groups, false),
      })),
    )
    return { account: { id, dids: { nodes } } }
  },

  async Calls({ first }) {
    const { total, calls } = await callLog(first)
    const nodes = calls.map(({ account: _account, ...call }) => call)
    return { callRecords: { totalCount: total, nodes } }
  },

  async Merged({ first }) {
    const { total, calls, hasNextPage } = await callLog(first)
    const nodes = calls.map(
      ({ id, startedAt, direction, disposition, durationSeconds, caller, callee, account: { label } }) => ({
        ...{ id, startedAt, direction, disposition, durationSeconds, caller, callee },
        account: { label },
      }),
    )
    return { callRecords: { totalCount: total, nodes, pageInfo: { hasNextPage } } }
  },
}

async function callLog(first: number) {
  const logs = await Promise.all(
    task.offices.map(async (office) => {
      const { cdrs, pagination } = await new Directory(office.key).calls(first)
      return { calls: cdrs.map((wire) => toCall(office, wire)), total: pagination.total_count }
    }),
  )
  const all = inOrder(logs.flatMap(({ calls }) => calls))
  return {
    total: logs.reduce((sum, { total }) => sum + total, 0),
    calls: all.slice(0, first),
    hasNextPage: all.length > first,
  }
}

function destination(
  account: string,
  { destination_type, destination_id }: WireDid,
  extensions: ReadonlyMap<number, WireExtension>,
  groups: ReadonlyMap<number, WireGroup>,
  isWhole: boolean,
) {
  if (destination_type === 'Group') {
    const group = groups.get(destination_id)!
    return { __typename: 'Group', ...(isWhole && { id: globalId('G', account, group.id) }), name: group.name }
  }
  const { id, number, caller_name } = extensions.get(destination_id)!
  return {
    __typename: 'Extension',
    ...(isWhole && { id: globalId('E', account, id), number: String(number) }),
    displayName: caller_name,
  }
}

async function read(request: IncomingMessage): Promise<string> {
  let text = ''
  request.setEncoding('utf8')
  for await (const chunk of request) text += String(chunk)
  return text
}

listen((request, response) => {
  void (async () => {
    const { operationName, variables } = JSON.parse(await read(request)) as {
      operationName: string
      variables: Variables
    }
    const body = JSON.stringify({ data: await answers[operationName]!(variables) })
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body)
  })().catch((error: unknown) => response.writeHead(500).end(String(error)))
})
