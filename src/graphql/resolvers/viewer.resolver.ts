import { Ctx, FieldResolver, Query, Resolver } from 'type-graphql'

import type { Awaitable } from '../../awaitable.js'
import { extensionWithNumber } from '../../loaders/loaders.js'
import { Extension } from '../../model/extension.js'
import { Viewer } from '../../model/viewer.js'
import type { Context } from '../context.js'
import { Cost, Free } from '../limits/cost.js'
import { Needs } from '../needs.js'

@Resolver(() => Viewer)
export class ViewerResolver {
  @Needs(null)
  @Free
  @Query(() => Viewer, { description: 'Who is asking, and what they may do.' })
  viewer(@Ctx() { viewer }: Context): Viewer {
    return { name: viewer.name, workspace: viewer.workspace, scopes: [...viewer.scopes].sort() }
  }

  @Needs('telephony:read:own')
  @Cost({ lists: ['extensions'] })
  @FieldResolver(() => Extension, {
    nullable: true,
    description:
      "The extension the caller is bound to, by its API key or token; null for a caller that is nobody's, and where there is no such extension.",
  })
  extension(@Ctx() { viewer, loaders }: Context): Awaitable<Extension | null> {
    return viewer.extension && extensionWithNumber(loaders.accounts, viewer.extension)
  }
}
