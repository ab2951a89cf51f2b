import type { AccountFacts, Writes } from '../../provider.js'
import { saidBy, type Asking } from './ask.js'
import type { FreepbxSettings } from './settings.js'
import { createExtension, deleteExtension, updateExtension } from './writes/extension.js'
import { ExtensionWriting } from './writes/writing.js'

/**
 * What can be changed: extensions are made and deleted. A change of one is a deletion and a new one,
 * so it is made only where the account allows it.
 */
export function freepbxWrites(asking: Asking, options: FreepbxSettings['options'], account: AccountFacts): Writes {
  const writing = new ExtensionWriting(asking, options.applySeconds, account)
  return {
    said: saidBy,
    extensions: {
      create: createExtension(writing),
      delete: deleteExtension(writing),
      ...(options.allowDestructiveUpdate && { update: updateExtension(writing) }),
    },
  }
}
