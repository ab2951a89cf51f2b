// @ts-check
import { requiredText, z } from 'dialgraph/provider'

/** The settings of an account; the sentences are shown by editors, and by `dialgraph config-schema`. */
export const settings = z.strictObject({
  urls: z
    .strictObject({ api: z.url().describe('Address of the API: /v1 and /oauth are below it.') })
    .describe('Where it is.'),
  auth: z
    .discriminatedUnion('flow', [
      z.strictObject({
        flow: z.literal('password').describe('A user name and a password buy a token.'),
        username: requiredText('Name of the user.'),
        password: requiredText('Password of the user.'),
        clientId: requiredText('Id of the application, from the people who run the API.'),
        clientSecret: requiredText('Secret of that application.'),
      }),
    ])
    .describe('How to log in.'),
  options: z.strictObject({}).prefault({}).describe('Nothing can be set so far.'),
})
