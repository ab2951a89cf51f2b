import { Arg, Ctx, Mutation, Resolver } from 'type-graphql'

import { Extension } from '../../model/extension.js'
import { extensionCreate, extensionDelete, extensionUpdate } from '../../writes/extension-mutations.js'
import type { Written } from '../../writes/write.js'
import { requireWrites, type Context } from '../context.js'
import { Cost } from '../limits/cost.js'
import { Needs } from '../needs.js'
import {
  ExtensionCreateInput,
  ExtensionDeleteInput,
  ExtensionDeletePayload,
  ExtensionPayload,
  ExtensionUpdateInput,
} from '../types/provider-write.js'

@Resolver(() => Extension)
export class ExtensionWriteResolver {
  @Needs('telephony:write')
  @Cost({ requests: 8 })
  @Mutation(() => ExtensionPayload, {
    nullable: true,
    description: 'Makes a new extension. Needs the scope telephony:write.',
  })
  async extensionCreate(
    @Ctx() context: Context,
    @Arg('input', () => ExtensionCreateInput, { description: 'The extension.' }) input: ExtensionCreateInput,
  ): Promise<ExtensionPayload> {
    return extensionPayload(await requireWrites(context)(extensionCreate(input)))
  }

  @Needs('telephony:write')
  @Cost({ requests: 10 })
  @Mutation(() => ExtensionPayload, {
    nullable: true,
    description:
      'Changes only the fields that are present; null clears one that may be empty. Needs the scope telephony:write.',
  })
  async extensionUpdate(
    @Ctx() context: Context,
    @Arg('input', () => ExtensionUpdateInput, { description: 'What changes.' }) input: ExtensionUpdateInput,
  ): Promise<ExtensionPayload> {
    return extensionPayload(await requireWrites(context)(extensionUpdate(input)))
  }

  @Needs('telephony:write')
  @Cost({ requests: 3 })
  @Mutation(() => ExtensionDeletePayload, {
    nullable: true,
    description: 'Removes an extension. Needs the scope telephony:write.',
  })
  async extensionDelete(
    @Ctx() context: Context,
    @Arg('input', () => ExtensionDeleteInput, { description: 'Which extension.' }) input: ExtensionDeleteInput,
  ): Promise<ExtensionDeletePayload> {
    const { isDone, errors } = await requireWrites(context)(extensionDelete(input))
    return { deletedExtensionId: isDone ? input.id : null, userErrors: errors }
  }
}

const extensionPayload = ({ object, errors }: Written): ExtensionPayload => ({
  extension: object as Extension | null,
  userErrors: errors,
})
