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
    return providers.map(publicProvider)
  }

  @Needs(null)
  @Free
  @Query(() => Provider, { nullable: true, description: 'One provider; null when there is no such provider.' })
  provider(
    @Ctx() { providers }: Context,
    @Arg('slug', () => String, { description: 'Its short name, for example bulutfon.' }) slug: string,
  ): Provider | null {
    const definition = providers.find((provider) => provider.slug === slug)
    return definition ? publicProvider(definition) : null
  }
}

const publicProviders = new WeakMap<ProviderDefinition, Provider>()

/** A provider as the graph shows it; made once per process. */
export function publicProvider(definition: ProviderDefinition): Provider {
  let provider = publicProviders.get(definition)
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
    publicProviders.set(definition, provider)
  }
  return provider
}
