import { z } from 'zod'

import { requiredText } from '../settings-fields.js'

const path = (meaning: string, standard: string) => z.string().min(1).default(standard).describe(meaning)

/** The settings of an account: where Postacell is, how to log in, how to read. */
export const postacellSettings = z.strictObject({
  urls: z
    .strictObject({
      api: z
        .url()
        .default('https://app.postacell.com.tr/api')
        .describe('Address of the API: `/token` and `/v1/…` are below it.'),
      gateway: z
        .url()
        .default('http://api.postacell.net/v1')
        .describe(
          'Address of the SMS gateway, used for the balance only, and only with a gatewayCredential. The public address is plain http.',
        ),
    })
    .prefault({})
    .describe('Where Postacell is; the public addresses unless told otherwise.'),
  auth: z
    .discriminatedUnion('flow', [
      z.strictObject({
        flow: z
          .literal('jwt_login')
          .describe('User name and password buy a token of five minutes, and a day of refreshing it.'),
        username: requiredText('User name or e-mail address of the account.'),
        password: requiredText('Password of the account.'),
        loginField: z
          .enum(['username', 'email'])
          .default('username')
          .describe('The field the user name is sent in; both are documented.'),
        gatewayCredential: z
          .strictObject({
            username: requiredText('User name at the SMS gateway.'),
            password: requiredText('Password at the SMS gateway.'),
          })
          .optional()
          .describe(
            'Login of the SMS gateway, which may be another than that of the account. Without it no message credits are shown.',
          ),
      }),
    ])
    .describe('How to log in.'),
  options: z
    .strictObject({
      version: path('Version segment of the resource paths.', 'v1'),
      tokenPath: path('Path of the login, exactly: a redirect is never followed.', 'token'),
      refreshPath: path('Path of the refresh, exactly.', 'token/refresh'),
      listsPath: path('Path of the contact lists below the version, exactly.', 'email/list-filter/'),
      balancePath: path(
        'Path of the balance at the gateway; older pages write `json/syncreply/GetBalance`.',
        'json/reply/GetBalance',
      ),
      searchByTitle: z
        .boolean()
        .default(true)
        .describe('Whether a search is left to the provider; without it all lists are read and searched here.'),
      gatewaySuccessCodes: z
        .array(z.int())
        .min(1)
        .default([0, 200])
        .describe("Values of the gateway's `Status.Code` that mean success; its codes are not published."),
    })
    .prefault({})
    .describe('How to read.'),
})

export type PostacellSettings = z.output<typeof postacellSettings>
