import { existsSync } from 'node:fs'

const BROWSERS = [
  // The same without anything around its pages: it takes half of the processor's time.
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
]

/** Where Chromium is on this machine; undefined where it is not. */
export const executablePath = BROWSERS.find((path) => existsSync(path))
