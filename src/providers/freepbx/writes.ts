import { graphqlMessage, type GraphqlClient, type Writes } from '../../provider.js'
import type { FreepbxSettings } from './settings.js'
import { createExtension, deleteExtension, updateExtension } from './writes/extension.js'
import { ExtensionWriting } from './writes/writing.js'

/**
 * What can be changed: extensions are made and deleted. A change of one is a deletion and a new one,
 * so it is made only where the account allows it.
 */
export function freepbxWrites(pbx: GraphqlClient, options: FreepbxSettings['options']): Writes {
  const writing = new ExtensionWriting(pbx, options.applySeconds)
  return {
    said: graphqlMessage,
    extensions: {
      create: createExtension(writing),
      delete: deleteExtension(writing),
      ...(options.allowDestructiveUpdate && { update: updateExtension(writing) }),
    },
  }
}
