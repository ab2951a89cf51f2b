import { Arg, Ctx, Query, Resolver } from 'type-graphql'

import { globalId } from '../../model/id.js'
import { Provider } from '../../model/provider.js'
import type { Provider as ProviderDefinition } from '../../providers/provider.js'
import type { Context } from '../context.js'
import { Free } from '../limits/cost.js'
import { Needs } from '../needs.js'

@Resolver(() => Provider)
export class ProviderResolver {
  @Needs(null)
  @Free
  @Query(() => [Provider], { description: 'Every supported provider, and what can be had from it.' })
  providers(@Ctx() { providers }: Context): readonly Provider[] {
    return providers.map(shown)
  }

  @Needs(null)
  @Free
  @Query(() => Provider, { nullable: true, description: 'One provider; null when there is no such provider.' })
  provider(
    @Ctx() { providers }: Context,
    @Arg('slug', () => String, { description: 'Its short name, for example bulutfon.' }) slug: string,
  ): Provider | null {
    const definition = providers.find((provider) => provider.slug === slug)
    return definition ? shown(definition) : null
  }
}

const known = new WeakMap<ProviderDefinition, Provider>()

/** A provider as the graph shows it: the same for as long as the process lives. */
export function shown(definition: ProviderDefinition): Provider {
  let provider = known.get(definition)
  if (!provider) {
    const { slug, name, flows, capabilities } = definition
    provider = {
      __typename: 'Provider',
      id: globalId('Provider', '', slug),
      slug,
      name,
      authFlows: flows,
      capabilities,
    }
    known.set(definition, provider)
  }
  return provider
}
