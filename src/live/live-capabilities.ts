import { supportOf, SupportLevel, whyUnsupported, type Capability } from '../model/capability.js'
import { canTell, isPolled, type LiveAccount } from './live-account.js'

/**
 * What can be done with an account: as its provider has it, but for the knowledge of live calls,
 * which its own configuration decides.
 */
export const capabilitiesOf = (account: LiveAccount): readonly Capability[] =>
  account.provider.capabilities.map((one) =>
    one.resource === 'LIVE_CALL' && isKnowledge(one) && one.support !== SupportLevel.UNSUPPORTED
      ? { ...one, ...liveSupport(account, one) }
      : one,
  )

/** Calls are placed, moved and ended by the provider itself, whatever this server is told of them. */
const isKnowledge = ({ operation }: Capability) => operation === 'LIST' || operation === 'SUBSCRIBE'

function liveSupport(account: LiveAccount, { operation }: Capability): Pick<Capability, 'support' | 'reason'> {
  const { live, provider } = account
  if (!canTell(account)) return { support: SupportLevel.UNSUPPORTED, reason: unsupportedReason(account) }
  if (operation === 'SUBSCRIBE' && !live.webhook) {
    const reason = `This server looks at the calls under way every ${live.pollSeconds} s; what \`live.webhook\` delivers would be there at once.`
    return { support: SupportLevel.EMULATED, reason }
  }
  if (operation === 'LIST' && !isPolled(account)) {
    const reason = `This server keeps the list of current calls from the events that ${provider.name} delivers.`
    return { support: SupportLevel.EMULATED, reason }
  }
  return { support: SupportLevel.NATIVE, reason: null }
}

/** Why an account says nothing of live calls, and what would change that. */
export function unsupportedReason({ provider }: LiveAccount): string {
  const { capabilities, name, webhook } = provider
  if (supportOf(capabilities, 'LIVE_CALL', 'LIST') === SupportLevel.NATIVE)
    return `${name} is asked for the calls under way once \`live.pollSeconds\` is above 0, and delivers events once \`live.webhook\` is on.`
  if (webhook)
    return `${name} delivers what happens to calls once \`live.webhook\` is on and its address is entered there.`
  return whyUnsupported(capabilities, 'LIVE_CALL') ?? `${name} does not say which calls are under way.`
}
