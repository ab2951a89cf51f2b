import { Ctx, Query, Resolver } from 'type-graphql'

import { Viewer } from '../../model/viewer.js'
import type { Context } from '../context.js'
import { Free } from '../limits/cost.js'
import { Needs } from '../needs.js'

@Resolver(() => Viewer)
export class ViewerResolver {
  @Needs(null)
  @Free
  @Query(() => Viewer, { description: 'Who is asking, and what they may do.' })
  viewer(@Ctx() { viewer }: Context): Viewer {
    return { name: viewer.name, workspace: viewer.workspace, scopes: [...viewer.scopes].sort() }
  }
}
