import type { Did } from '../../model/did.js'
import type { Extension } from '../../model/extension.js'
import type { Group } from '../../model/group.js'
import type { ParticipantKind, Participants } from '../../statistics/participants.js'
import type { AccountLoader } from '../account-loader.js'
import { didOf, extensionOf, groupOf } from '../edges/destination.js'

const LOOK_UPS = { EXTENSION: extensionOf, GROUP: groupOf, DID: didOf } as const

/** The objects that calls refer to, as the lists of their accounts have them now. */
export class ParticipantObjects {
  readonly #found = new Map<string, Extension | Group | Did>()

  /** Global ids of those there are, each once. */
  async resolve(
    account: AccountLoader,
    kind: ParticipantKind,
    { references }: Participants,
  ): Promise<readonly string[]> {
    const objects = await Promise.all(references.map((reference) => LOOK_UPS[kind](account, reference)))
    const ids = new Set<string>()
    for (const object of objects) {
      if (!object) continue
      ids.add(object.id)
      this.#found.set(object.id, object)
    }
    return [...ids]
  }

  /** One that was resolved before; null for null. */
  found(id: string | null): Extension | Group | Did | null {
    return id === null ? null : this.#found.get(id)!
  }
}
