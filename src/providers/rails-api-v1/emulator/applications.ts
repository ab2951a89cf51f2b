import { createHash } from 'node:crypto'

import { markedBytes } from '../../../emulator/marked-bytes.js'
import type { EmulatedRequest } from '../../../emulator/serve.js'
import { textOf, type RequestParameters } from './framework.js'

/** A registered OAuth application. Its secret also signs its access tokens. */
export interface Application {
  readonly name: string
  readonly uid: string
  readonly secret: string
  /** The flow it is registered for, where the server enforces it. */
  readonly flow: 'password' | 'authorization_code'
}

export type Applications = Readonly<Record<'firstParty' | 'linked' | 'unlinked', Application>>

/** The same applications for the same seed, so that a configuration survives a restart. */
export function seedApplications(seed: number): Applications {
  const application = (name: string, flow: Application['flow']): Application => ({
    name,
    uid: digest(`${name} uid ${seed}`).toString('hex'),
    secret: secretOf(`${name} secret ${seed}`).toString('hex'),
    flow,
  })
  return {
    firstParty: application('Ege Yelken desk', 'password'),
    linked: application('Ege Yelken switchboard', 'authorization_code'),
    unlinked: application('Ege Yelken Praha', 'authorization_code'),
  }
}

/** 32 bytes derived from a text. */
export const secretOf = (text: string): Buffer => markedBytes(32, digest(text))

const digest = (text: string): Buffer => createHash('sha256').update(`emulated ${text}`).digest()

/** The client of a request: absent, wrong, or an application. */
export type ClientClaim = 'absent' | 'wrong' | Application

/** HTTP Basic first, then `client_id` and `client_secret`; an id without a secret is wrong. */
export function clientOf(
  request: EmulatedRequest,
  parameters: RequestParameters,
  applications: Applications,
): ClientClaim {
  const { uid, secret } = basicCredentials(request) ?? {
    uid: textOf(parameters, 'client_id'),
    secret: textOf(parameters, 'client_secret'),
  }
  if (uid === null) return 'absent'
  return findApplication(applications, uid, secret) ?? 'wrong'
}

export const findApplication = (applications: Applications, uid: string | null, secret: string | null) =>
  Object.values(applications).find((one) => one.uid === uid && one.secret === secret) ?? null

function basicCredentials(request: EmulatedRequest): { uid: string; secret: string } | null {
  const [, encoded] = /^basic\s+(\S+)$/i.exec(request.headers['authorization'] ?? '') ?? []
  if (encoded === undefined) return null
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon > 0 ? { uid: text.slice(0, colon), secret: text.slice(colon + 1) } : null
}
