import type { Did } from '../../model/did.js'
import type { Extension } from '../../model/extension.js'
import type { Group } from '../../model/group.js'
import { everybodyOf, type ParticipantKind, type Participants } from '../../statistics/participants.js'
import type { TookPart } from '../../statistics/statistics-table.js'
import type { AccountLoader } from '../account-loader.js'
import { didOf, extensionOf, groupOf } from '../edges/destination.js'

const LOOK_UPS = { EXTENSION: extensionOf, GROUP: groupOf, DID: didOf } as const

/** The objects that calls refer to, as the lists of their accounts have them now. */
export class ParticipantObjects {
  readonly #found = new Map<string, Extension | Group | Did>()

  /** Those there are, each once. */
  async resolve(
    account: AccountLoader,
    kind: ParticipantKind,
    participants: Participants,
  ): Promise<readonly TookPart[]> {
    const everybody = everybodyOf(participants)
    const objects = await Promise.all(everybody.map((reference) => LOOK_UPS[kind](account, reference)))
    const handlers = new Set<string>()
    const ids = new Set<string>()
    for (const [at, object] of objects.entries()) {
      if (!object) continue
      ids.add(object.id)
      if (at < participants.handlers.length) handlers.add(object.id)
      this.#found.set(object.id, object)
    }
    return [...ids].map((id) => ({ id, isHandler: handlers.has(id) }))
  }

  /** One that was resolved before; null for null. */
  found(id: string | null): Extension | Group | Did | null {
    return id === null ? null : this.#found.get(id)!
  }
}
