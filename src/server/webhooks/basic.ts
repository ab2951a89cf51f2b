import { Secret } from '../../secret.js'
import type { LiveSettings } from '../config/live.js'

/** RFC 7617 §2 and RFC 9110 §11.4. */
const BASIC = /^Basic +([A-Za-z0-9+/]+={0,2})$/i

/** The challenge of a 401. */
export const CHALLENGE = 'Basic realm="webhooks", charset="UTF-8"'

/** Whether the header has the account's user name and password; null asks for none. */
export function isAuthenticated(header: string | undefined, basic: LiveSettings['basic']): boolean {
  if (basic === null) return true
  const [, encoded] = BASIC.exec(header ?? '') ?? []
  const text = Buffer.from(encoded ?? '', 'base64').toString('utf8')
  const colon = text.indexOf(':')
  if (colon < 0) return false
  const isName = new Secret(text.slice(0, colon)).equals(new Secret(basic.username))
  // Compared whether the name is right or not, so that time does not tell.
  const isPassword = basic.password.equals(new Secret(text.slice(colon + 1)))
  return isName && isPassword
}
