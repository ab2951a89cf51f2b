import { isDeepStrictEqual } from 'node:util'

import { parseGlobalId } from '../../../model/id.js'
import type { BookedObject } from '../../../emulator/conformance-facts.js'
import type { Bench } from '../bench.js'
import { claimed, must } from '../outcome.js'
import type { ProviderPromise } from '../promise.js'
import { everything, LIST_NAMES, listOf, LISTS, some, type ListedObject, type ListName } from '../reading.js'
import { shapeProblems } from '../shapes.js'
import { longIds, withoutFirstRecord } from '../tampering.js'

/** What each list promises. */
export const lists: readonly ProviderPromise[] = LIST_NAMES.flatMap((name) => promisesOf(name))

function promisesOf(name: ListName): ProviderPromise[] {
  const { type, resource } = LISTS[name]
  const start = async (bench: Bench, options?: Parameters<Bench['start']>[0]) => {
    bench.claims(resource, 'LIST')
    return bench.start(options)
  }
  return [
    {
      id: `lists.${name}.end`,
      name: `the list of ${name} reads to its end, each object once`,
      async keep(bench) {
        const { items, totalCount, unreadable } = await everything(listOf((await start(bench)).source(), name))
        must(items.length > 0, 'it is empty')
        const ids = items.map(({ id }) => id)
        must(new Set(ids).size === ids.length, 'an object is in it twice')
        const isCounted = totalCount === null || totalCount === items.length
        must(isCounted, `it says that there are ${totalCount} and has ${items.length}`)
        must(unreadable === 0, `${unreadable} records of it could not be read`)
      },
    },
    {
      id: `lists.${name}.whole`,
      name: `the list of ${name} has all that the provider's own books have, with its numbers`,
      async keep(bench) {
        const trial = await start(bench, { knobs: await smallPages(bench) })
        const booked = trial.facts.contents?.()[name]
        claimed(booked, `the emulator does not tell what ${name} there are`)
        const { items, totalCount } = await everything(listOf(trial.source(), name))
        assertBooked(booked, items)
        const isCounted = totalCount === null || totalCount === items.length
        must(isCounted, `it says that there are ${totalCount} and has ${items.length}`)
      },
    },
    {
      id: `lists.${name}.requests`,
      name: `the list of ${name} costs a request for each page, and its costs say where it takes one more`,
      async keep(bench) {
        const trial = await start(bench)
        const source = trial.source()
        trial.forget()
        const { pages } = await everything(listOf(source, name))
        const more = bench.provider.costs?.onceMore?.includes(`Account.${name}`) ? 1 : 0
        must(trial.apiRequests <= pages + more, `${pages} pages took ${trial.apiRequests} requests`)
      },
    },
    {
      id: `lists.${name}.identity`,
      name: `every one of its ${name} tells where it is from: type, account, the provider's id, when it was read`,
      async keep(bench) {
        const trial = await start(bench)
        const { key } = trial.account()
        for (const item of (await everything(listOf(trial.source(), name))).items) {
          const expected = { type, account: key, native: item.providerResourceId }
          must(isDeepStrictEqual(parseGlobalId(item.id), expected), `${item.id} is not the id of its ${type}`)
          must(item.__typename === type && item.accountKey === key, `${item.providerResourceId} is of another account`)
          must(!Number.isNaN(Date.parse(item.fetchedAt)), `fetchedAt of ${item.providerResourceId} is no time`)
        }
      },
    },
    {
      id: `lists.${name}.shape`,
      name: `values of its ${name} are what the schema says: E.164, texts, words it knows, times in UTC`,
      async keep(bench) {
        const { items } = await everything(listOf((await start(bench)).source(), name))
        const problems = items.flatMap((item) => shapeProblems(item))
        must(problems.length === 0, some(problems))
      },
    },
    {
      id: `lists.${name}.again`,
      name: `the list of ${name} is the same when it is read again`,
      async keep(bench) {
        const trial = await start(bench)
        const idsNow = async () => (await everything(listOf(trial.source(), name))).items.map(({ id }) => id)
        must(isDeepStrictEqual(await idsNow(), await idsNow()), 'it is another one, or in another order')
      },
    },
    {
      id: `lists.${name}.long-ids`,
      name: `ids of ${name} beyond 2^53, written as numbers, are exact: none becomes another or is lost`,
      async keep(bench) {
        const trial = await start(bench)
        const ids = async () =>
          (await everything(listOf(trial.source(), name))).items.map(({ providerResourceId }) => providerResourceId)
        const before = await ids()
        trial.emulator.faults.next({ kind: 'api', rewrite: longIds.rewrite, times: Infinity })
        const after = await ids()
        must(after.length === before.length, `${before.length} objects became ${after.length}`)
        const allowed = new Set([...before, ...before.map(longIds.expected)])
        const strange = after.filter((id) => !allowed.has(id))
        must(strange.length === 0, `${some(strange)} is no id that was sent`)
      },
    },
    {
      id: `lists.${name}.unreadable`,
      name: `a record of ${name} that cannot be read costs that record alone, and is told`,
      async keep(bench) {
        const trial = await start(bench)
        const before = (await everything(listOf(trial.source(), name))).items.map(({ id }) => id)
        trial.emulator.faults.next({ kind: 'api', rewrite: withoutFirstRecord, times: Infinity })
        const after = await everything(listOf(trial.source(), name))
        const lost = before.filter((id) => !after.items.some((item) => item.id === id))
        const told = after.unreadable + after.items.reduce((sum, item) => sum + leftOutOf(item), 0)
        must(lost.length <= after.pages, `${lost.length} were lost with it`)
        must(lost.length === 0 || told > 0, 'one was lost, and nothing told of it')
      },
    },
    {
      id: `lists.${name}.detail`,
      name: `whatever the list of ${name} leaves out is in the detail of an object, and its costs say so`,
      async keep(bench) {
        const trial = await start(bench)
        const list = listOf(trial.source(), name)
        const { items } = await everything(list)
        const open = (item: object) =>
          Object.entries(item).flatMap(([key, value]) => (value === undefined ? [key] : []))
        const item = items.find((one) => open(one).some((key) => !FOUND_ELSEWHERE.has(key)))
        claimed(item ?? list.detail, 'its list has every field')
        must(list.detail, `${item ? open(item).join(', ') : ''} are left out, and there is no detail`)
        const first = item ?? items[0]!
        const missing = open(first).filter((key) => !FOUND_ELSEWHERE.has(key))
        trial.forget()
        const detail = (await list.detail(first)) as Record<string, unknown>
        const absent = missing.filter((key) => detail[key] === undefined)
        must(absent.length === 0, `the detail leaves out ${absent.join(', ')}`)
        must(trial.apiRequests <= 1, `one detail costs ${trial.apiRequests} requests`)
        const costs = [...(bench.provider.costs?.eachObject ?? []), ...(bench.provider.costs?.onceMore ?? [])]
        const isTold = missing.length === 0 || costs.some((field) => field.startsWith(`${type}.`))
        must(isTold, `${missing.join(', ')} cost a request each, and \`costs\` does not say so`)
      },
    },
    {
      id: `lists.${name}.by-ids`,
      name: `several ${name} are read by their ids in one request, unknown ids left out`,
      async keep(bench) {
        const trial = await start(bench)
        const list = listOf(trial.source(), name)
        claimed(list.byIds, 'it does not read by ids')
        const wanted = (await everything(list)).items.slice(0, 3).map(({ providerResourceId }) => providerResourceId)
        trial.forget()
        const found = await listOf(trial.source(), name).byIds!([...wanted, '999999999'])
        const ids = found.map(({ providerResourceId }) => providerResourceId)
        must(isDeepStrictEqual(ids.sort(), wanted.sort()), `${some(wanted)} were asked for, and ${some(ids)} came`)
        must(trial.apiRequests <= 1, `it took ${trial.apiRequests} requests`)
      },
    },
    {
      id: `lists.${name}.shifting`,
      name: `an object that is added while the list of ${name} is read moves none out of it, and none comes twice`,
      async keep(bench) {
        const trial = await start(bench, { knobs: await smallPages(bench) })
        const grow = trial.facts.grow?.[name]
        claimed(grow, 'the emulator cannot add one while the list is read')
        const before = (await everything(listOf(trial.source(), name))).items.map(({ id }) => id)
        const { items, pages } = await everything(listOf(trial.source(), name), (page) =>
          page === 1 ? grow() : undefined,
        )
        claimed(pages > 1, 'its list is one page')
        const ids = items.map(({ id }) => id)
        must(new Set(ids).size === ids.length, 'an object is in it twice')
        const lost = before.filter((id) => !ids.includes(id))
        must(lost.length === 0, `${lost.length} were lost`)
      },
    },
  ]
}

/** Switches of the emulator that make its pages small. */
async function smallPages(bench: Bench): Promise<Readonly<Record<string, unknown>>> {
  return (await bench.start()).facts.smallPages ?? {}
}

/** Edges that are found in other lists where an object itself does not tell them. */
const FOUND_ELSEWHERE: ReadonlySet<string> = new Set(['groupIds', 'didIds', 'ownerId', 'leftOut'])

const leftOutOf = (item: ListedObject): number =>
  Object.values(item.leftOut ?? {}).reduce((sum, count) => sum + count, 0)

function assertBooked(booked: readonly BookedObject[], items: readonly ListedObject[]): void {
  const found = new Map(items.map((item) => [item.providerResourceId, item]))
  const missing = booked.filter(({ id }) => !found.has(id))
  must(missing.length === 0, `${missing.length} of ${booked.length} are missing: ${some(missing.map(({ id }) => id))}`)
  must(found.size === booked.length, `there are ${booked.length}, and ${found.size} are listed`)
  for (const one of booked) {
    const item = found.get(one.id) as { readonly number?: unknown; readonly name?: unknown }
    if (one.number !== undefined && 'number' in item)
      must(item.number === one.number, `the number of ${one.id} is ${one.number}, and ${String(item.number)} is listed`)
    if (one.name !== undefined && 'name' in item)
      must(item.name === one.name, `the name of ${one.id} is ${one.name}, and ${String(item.name)} is listed`)
  }
}
