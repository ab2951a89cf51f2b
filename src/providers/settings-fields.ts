import { z } from 'zod'

/** A text that must not be empty. */
export const requiredText = (description: string) => z.string().min(1).describe(description)

/** A URL that has a public default. */
export const urlWithDefault = (description: string, defaultUrl: string) =>
  z.url().default(defaultUrl).describe(description)
