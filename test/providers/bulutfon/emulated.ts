import { afterEach } from '@jest/globals'

import { createStory } from '../../../src/emulator/create-story.js'
import {
  startBulutfonEmulator,
  type BulutfonEmulator,
  type BulutfonKnobs,
} from '../../../src/providers/bulutfon/emulator/emulator.js'

/** The tests of the emulator talk to it as anybody would: by `fetch`, never by our own client. */
export const now = Date.parse('2026-03-17T15:30:00Z')
export const SCALE = 0.05
export const CALLBACK = 'http://127.0.0.1:4000/connect/callback/bulutfon'
/** The story that the emulator serves. */
export const story = createStory({ now, scale: SCALE }).offices.izmir

/** The one running; each test starts its own. */
export let bulutfon: BulutfonEmulator

export async function start(knobs: Partial<BulutfonKnobs> = {}, seed = 1): Promise<BulutfonEmulator> {
  return (bulutfon = await startBulutfonEmulator({ now, scale: SCALE, seed, knobs }))
}
afterEach(() => bulutfon.close())

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- payloads under test
export type Json = Record<string, any>

export const master = () => String(bulutfon.accounts.masterToken.auth['token'])
export const auth = () => bulutfon.accounts.authorizationCode.auth as Readonly<Record<string, string>>

/** Path and query to an answer, with the master token unless another credential is given. */
export async function get(
  path: string,
  credential: Record<string, string> = { access_token: master() },
  init: RequestInit = {},
): Promise<Response> {
  const url = new URL(path, bulutfon.url)
  for (const [name, value] of Object.entries(credential)) url.searchParams.set(name, value)
  return fetch(url, init)
}
export const read = async (path: string, credential?: Record<string, string>): Promise<Json> =>
  (await get(path, credential)).json() as Promise<Json>

export const tokenRequest = (form: Record<string, string>): Promise<Response> =>
  fetch(`${bulutfon.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form) })
export const client = () => ({ client_id: auth()['clientId'] ?? '', client_secret: auth()['clientSecret'] ?? '' })
export const refresh = (refreshToken: string): Promise<Response> =>
  tokenRequest({ ...client(), grant_type: 'refresh_token', refresh_token: refreshToken, redirect_uri: CALLBACK })
export const firstToken = async (): Promise<Json> =>
  (await refresh(auth()['refreshToken'] ?? '')).json() as Promise<Json>
