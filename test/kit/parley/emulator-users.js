// @ts-check
import { bodyFields, json } from 'dialgraph/testing'

export const CLIENT = { id: 'dialgraph', secret: 'parley-client-secret' }

/** Users of two customers, with the office of the story that each may see. */
export const USERS = [
  {
    ...{ account: 'password', username: 'jana', password: 'jana-correct-horse', company: 'Ege Yelken, Praha' },
    ...{ office: 'prague', country: 'CZ', timeZone: 'Europe/Prague' },
  },
  {
    ...{ account: 'other', username: 'olaf', password: 'olaf-battery-staple', company: 'Marmara Yelken' },
    ...{ office: 'izmir', country: 'TR', timeZone: 'Europe/Istanbul' },
  },
]

/**
 * The token endpoint: RFC 6749 §4.3 and §6.
 *
 * @param {import('dialgraph/testing').TokenBook} tokens
 * @param {import('dialgraph/testing').EmulatedRequest} request
 * @param {number} seconds
 */
export function grant(tokens, request, seconds) {
  const { grant_type, username, password, client_id, client_secret, refresh_token = '' } = bodyFields(request) ?? {}
  if (client_id !== CLIENT.id || client_secret !== CLIENT.secret) return json({ error: 'invalid_client' }, 401)
  const user = USERS.find((one) => one.username === username && one.password === password)
  const account = user?.account ?? ''
  const issued =
    grant_type === 'refresh_token'
      ? tokens.refresh(refresh_token)
      : user && tokens.issue({ account, clientId: CLIENT.id, scope: '' })
  if (!issued) return json({ error: 'invalid_grant' }, 400)
  const { accessToken, refreshToken } = issued
  return json({ access_token: accessToken, token_type: 'Bearer', expires_in: seconds, refresh_token: refreshToken })
}
