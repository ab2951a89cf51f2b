import { z } from 'zod'

import { requiredText } from '../settings-fields.js'

const client = {
  clientId: requiredText('Id of the application, from the owners of the deployment.'),
  clientSecret: requiredText('Secret of that application.'),
}

/** The settings of an account. There is no public address: everybody runs their own deployment. */
export const railsApiV1Settings = z.strictObject({
  urls: z
    .strictObject({
      api: z.url().describe('Address of the deployment; /oauth and /api/v1 are below it.'),
    })
    .describe('Where the deployment is.'),
  auth: z
    .discriminatedUnion('flow', [
      z.strictObject({
        flow: z.literal('password').describe('A user name and a password buy a token.'),
        username: requiredText('E-mail address of the user.'),
        password: requiredText('Password of the user.'),
        ...client,
      }),
      z.strictObject({
        flow: z.literal('authorization_code').describe('A person agrees in the browser, once.'),
        ...client,
        refreshToken: requiredText(
          'A refresh token got elsewhere: used for the first token only, instead of the browser.',
        ).optional(),
      }),
    ])
    .describe('How to log in.'),
  options: z.strictObject({}).prefault({}).describe('Nothing can be set so far.'),
})

export type RailsApiV1Settings = z.output<typeof railsApiV1Settings>
