import { z } from 'zod'

import { requiredText, urlWithDefault } from '../settings-fields.js'

/** The settings of an account: where Bulutfon is, how to log in, how to read. */
export const bulutfonSettings = z.strictObject({
  urls: z
    .strictObject({
      api: urlWithDefault('Address of the API.', 'https://api.bulutfon.com'),
      authorize: urlWithDefault(
        'Whole address of the page where a person agrees to the login.',
        'https://app.bulutfon.com/oauth/authorize',
      ),
      token: urlWithDefault(
        'Whole address where codes and refresh tokens are exchanged. It has moved over the years.',
        'https://app.bulutfon.com/oauth/token',
      ),
    })
    .prefault({})
    .describe('Where Bulutfon is; the public addresses unless told otherwise.'),
  auth: z
    .discriminatedUnion('flow', [
      z.strictObject({
        flow: z.literal('authorization_code').describe('A person agrees in the browser, once.'),
        clientId: requiredText('Application key of the application registered in the panel.'),
        clientSecret: requiredText('Secret of that application.'),
        scope: z.string().optional().describe('Scopes to ask for, separated by spaces. Without it `cdr` is asked for.'),
        refreshToken: requiredText(
          'A refresh token got elsewhere: used for the first token only, instead of the browser.',
        ).optional(),
      }),
      z.strictObject({
        flow: z.literal('static_token').describe('The master token of the switchboard.'),
        token: requiredText('The master token from the panel. It does not run out.'),
      }),
      z.strictObject({
        flow: z.literal('password').describe('E-mail and password go with every call, as the API wants it.'),
        email: requiredText('E-mail address of a user of the panel.'),
        password: requiredText('Password of that user.'),
      }),
    ])
    .describe('How to log in.'),
  options: z
    .strictObject({
      pageSize: z
        .int()
        .min(1)
        .max(1_000)
        .default(250)
        .describe(
          'Most calls to ask for at once. The documentation shows 100 and names no limit; where fewer come, fewer are asked for.',
        ),
    })
    .prefault({})
    .describe('How to read.'),
})

export type BulutfonSettings = z.output<typeof bulutfonSettings>
