import { requiredText, z } from '../../provider.js'

const MOST_DAYS = 366
const MOST_ROWS = 50_000

/** The settings of an account: where the switchboard is, how to log in, how to read. */
export const freepbxSettings = z.strictObject({
  urls: z
    .strictObject({
      base: z
        .url()
        .optional()
        .describe(
          'Address of the module `api`, for example https://pbx.example.com/admin/api/api; `/token`, `/gql` and `/rest` are below it.',
        ),
      token: z.url().optional().describe('Address of the token endpoint, where it is not below `base`.'),
      gql: z.url().optional().describe('Address of the GraphQL endpoint, where it is not below `base`.'),
      rest: z.url().optional().describe('Address below which the REST endpoints are, where that is not below `base`.'),
    })
    .refine(({ base, token, gql, rest }) => base !== undefined || (token && gql && rest), {
      message: 'needs `base`, or `token`, `gql` and `rest`',
    })
    .describe('Where the switchboard is: `base`, or the three addresses apart.'),
  auth: z
    .discriminatedUnion('flow', [
      z.strictObject({
        flow: z.literal('client_credentials').describe('An application of the type Machine-to-Machine.'),
        ...client(),
      }),
      z.strictObject({
        flow: z.literal('password').describe('A user of User Manager, by an application of the type Native app.'),
        username: requiredText('User name in User Manager.'),
        password: requiredText('Password of the user.'),
        ...client(),
      }),
    ])
    .describe('How to log in. Applications are made under Connectivity, API.'),
  options: z
    .strictObject({
      daysAtOnce: z
        .int()
        .min(1)
        .max(MOST_DAYS)
        .default(31)
        .describe('Most days of the call log to ask for at once; the switchboard searches its whole table each time.'),
      rowsAtOnce: z
        .int()
        .min(2)
        .max(MOST_ROWS)
        .default(5_000)
        .describe('Rows of the call log to ask for at most; more than a day has, or calls of that day are missing.'),
      allowDestructiveUpdate: z
        .boolean()
        .default(false)
        .describe(
          'Lets extensions be changed although FreePBX deletes and makes them anew: the secret of the phone and all that is not said are reset.',
        ),
      applySeconds: z
        .int()
        .min(0)
        .max(60)
        .default(5)
        .describe('How long a change waits for the switchboard to apply it; after that it says that it is only saved.'),
    })
    .prefault({})
    .describe('How to read and to write.'),
})

function client() {
  return {
    clientId: requiredText('Client id of the application.'),
    clientSecret: requiredText('Client secret of the application.'),
    scope: z
      .string()
      .min(1)
      .optional()
      .describe('Scopes to ask for, separated by spaces. Without it all that is used here, as far as it is allowed.'),
  }
}

/** What is configured, with its defaults. */
export type FreepbxSettings = z.output<typeof freepbxSettings>

/** The three addresses, without slashes at their ends. */
export interface Addresses {
  readonly token: string
  readonly gql: string
  readonly rest: string
}
