import { boom, Refusal } from './boom.js'
import type { IpexKnobs } from './knobs.js'
import type { Resource } from './resource.js'

/**
 * `/v1/users/me` of the central REST API: the token's user. Not published; the keys are those of
 * the older login's response.
 */
export const identity = ({ usersMe }: IpexKnobs): readonly Resource[] => [
  {
    path: /\/v1\/users\/me/,
    keys: [],
    answer({ session: { access, user } }) {
      if (!usersMe) throw new Refusal(boom(404, 'Not Found'))
      const customerId = access.switchboard.pbxId * 10
      if (!user) {
        const { id, firstName, lastName, username } = access
        return { userId: id, firstName, lastName, email: username, pbxRoles: [], customerId }
      }
      const { id, firstName, lastName, email } = user
      return { userId: id, firstName, lastName, email, pbxRoles: ['pbx_user'], customerId }
    },
  },
]
