import { z } from 'zod'

import { requiredText, urlWithDefault } from '../settings-fields.js'

function isTimeZone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }))
  } catch {
    return false
  }
}

/** The settings of an account: where IPEX is, how to log in, how to read. */
export const ipexSettings = z.strictObject({
  urls: z
    .strictObject({
      api: urlWithDefault('Address of the IPBX API: numbers, people, calls.', 'https://ipbxapi.voipex.io'),
      auth: urlWithDefault(
        'Address of the login server; `/token` and `/token-exchange` are below it.',
        'https://auth.voipex.io',
      ),
      rest: urlWithDefault(
        'Address of the central REST API: who is logged in, and the older logins; `/v1/…` is below it.',
        'https://restapi.ipex.cz',
      ),
    })
    .prefault({})
    .describe('Where IPEX is; the public addresses unless told otherwise.'),
  auth: z
    .discriminatedUnion('flow', [
      z.strictObject({
        flow: z.literal('password').describe('E-mail and password of an API access made in the portal.'),
        username: requiredText('E-mail of the API access.'),
        password: requiredText('Password of the API access.'),
        scope: z
          .string()
          .optional()
          .describe('Scopes to ask for, separated by spaces, for example `openid profile`. Without it none are named.'),
        impersonate: z
          .string()
          .min(1)
          .optional()
          .describe(
            'E-mail or login of a user: every call is made as that user. The API access needs the Impersonation tick.',
          ),
      }),
      z.strictObject({
        flow: z.literal('sso').describe('The older single sign-on login of the central REST API.'),
        email: requiredText('E-mail of the user.'),
        password: requiredText('Password of the user.'),
      }),
      z.strictObject({
        flow: z.literal('b2b').describe('The login of the wholesale interface.'),
        username: requiredText('User name of the interface.'),
        password: requiredText('Password of the interface.'),
      }),
    ])
    .describe('How to log in.'),
  options: z
    .strictObject({
      pbxId: z.int().optional().describe('Which switchboard to read, for an access that sees several.'),
      timeZone: z
        .string()
        .refine(isTimeZone, 'must be an IANA time zone such as Europe/Prague')
        .default('UTC')
        .describe(
          'Zone that call times are asked for in, and read in where they carry no offset. Leave it at UTC unless the server ignores it.',
        ),
      sortColumn: z
        .string()
        .min(1)
        .default('calldate')
        .describe('What the server calls the column that calls are sorted by.'),
      maxPageSize: z.int().min(1).max(5_000).default(5_000).describe('Most rows of the call log to ask for at once.'),
      numberMatch: z
        .enum(['equal', 'endsWith', 'contains'])
        .default('equal')
        .describe(
          'How the server is told to compare numbers. Only `equal` is documented; the others take fewer requests where they work.',
        ),
    })
    .prefault({})
    .describe('How to read.'),
})

export type IpexSettings = z.output<typeof ipexSettings>
