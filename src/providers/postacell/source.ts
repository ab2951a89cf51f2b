import { ProviderError } from '../../errors.js'
import type { Rest } from '../../http/rest.js'
import { GroupKind } from '../../model/group.js'
import type { AccountFacts, Source } from '../provider.js'
import { contactLists } from './contact-lists.js'
import { balanceFreshness } from './freshness.js'
import { toBalance, toProfile } from './map/account.js'
import type { PostacellSettings } from './settings.js'

/**
 * Which path has what: contact lists, and the little that is known of the account; no telephony.
 * `urls` have no trailing slash.
 */
export function postacellSource(
  rest: Rest,
  urls: { readonly api: string; readonly gateway: string },
  { auth, options }: Pick<PostacellSettings, 'auth' | 'options'>,
  account: AccountFacts,
): Source {
  const credential = auth.gatewayCredential
  return {
    async profile() {
      // Nothing is read, but a failing login must show.
      await rest.identity()
      return toProfile(auth.username, credential ? undefined : null)
    },

    ...(credential && {
      async profileDetail() {
        const { username, password } = credential
        // The gateway has no tokens: every request carries the credential in its body.
        const body = { Credential: { Username: username, Password: password } }
        const reply = await rest.post(`${urls.gateway}/${options.balancePath}`, body, {
          anonymous: true,
          freshness: balanceFreshness(options.gatewaySuccessCodes),
        })
        const { code, credits } = toBalance(reply.body)
        if (code !== null && options.gatewaySuccessCodes.includes(code)) return { messageCredits: credits }
        throw new ProviderError(
          'PROVIDER_REJECTED',
          `POST GetBalance at the SMS gateway answered ${code === null ? 'without a status' : `status code ${code}`}`,
          {
            reason: 'GATEWAY_STATUS',
          },
        )
      },
    }),

    groups: {
      pages: (query) => contactLists(rest, `${urls.api}/${options.version}/${options.listsPath}`, account, query),
      pushdown: options.searchByTitle ? ['search'] : [],
      only: { kinds: [GroupKind.CONTACT_LIST] },
    },
  }
}
