import { createHash } from 'node:crypto'

import type { CallChange } from '../../../emulator/history/history.js'
import type { StoryCall } from '../../../emulator/story.js'

/** A call with its uuid. */
export interface LoggedCall extends StoryCall {
  readonly uuid: string
}

/** The calls of one PBX; new ones may be added while it is read. */
export interface EmulatedCallLog {
  /** Oldest first; calls of the same second in order of arrival. */
  readonly all: readonly LoggedCall[]
  find(uuid: string): LoggedCall | null
  add(call: Omit<StoryCall, 'id'> & { readonly id?: number; readonly uuid?: string }): LoggedCall
  /**
   * Changes an ended call. Documented are its price and its recording.
   *
   * @throws RangeError when there is no such call
   */
  change(uuid: string, change: CallChange): void
  remove(uuids: Iterable<string>): void
}

/**
 * A log of the story's calls; `name` makes the uuids differ between logs and repeat between runs.
 */
export function createCallLog(calls: readonly StoryCall[], name: string): EmulatedCallLog {
  const all = calls.map((call): LoggedCall => ({ ...call, uuid: uuidOf(`${name}/${call.id}`) }))
  const byUuid = new Map(all.map((call) => [call.uuid, call]))
  let lastId = calls.length
  return {
    all,
    find: (uuid) => byUuid.get(uuid) ?? null,
    add({ uuid, id, ...call }) {
      lastId += 1
      const added: LoggedCall = { ...call, id: id ?? lastId, uuid: uuid ?? uuidOf(`${name}/${lastId}`) }
      let place = all.length
      while (place > 0 && (all[place - 1] as LoggedCall).startedAt > added.startedAt) place -= 1
      all.splice(place, 0, added)
      byUuid.set(added.uuid, added)
      return added
    },
    change(uuid, change) {
      const place = all.findIndex((call) => call.uuid === uuid)
      if (place < 0) throw new RangeError(`There is no call ${uuid}`)
      const changed = { ...(all[place] as LoggedCall), ...change }
      all[place] = changed
      byUuid.set(uuid, changed)
    },
    remove(uuids) {
      for (const uuid of uuids) {
        const call = byUuid.get(uuid)
        if (!call) continue
        byUuid.delete(uuid)
        all.splice(all.indexOf(call), 1)
      }
    },
  }
}

/** Looks like a version 4 UUID, but depends on the name only. */
export function uuidOf(name: string): string {
  const hex = createHash('sha1').update(name).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}
