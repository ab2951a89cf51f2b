import { fileURLToPath } from 'node:url'

import { defineConfig } from 'vite'

import { compressedFiles } from '../explorer/compressed-files.js'

const ASSETS = 'console/assets'

/** The words of a widget of React Aria in one locale. */
const WIDGET_WORDS = /[\\/](?:react-aria|react-stately|react-aria-components)[\\/].*[\\/]([a-z]{2}-[A-Z]{2})\.m?js$/

/** Leaves out what the widgets say in thirty languages that this page does not speak. */
const spokenLocales = () => ({
  name: 'spoken-locales',
  enforce: 'pre',
  load(id) {
    const [, locale] = WIDGET_WORDS.exec(id) ?? []
    if (locale === undefined || ['en-US', 'tr-TR', 'cs-CZ'].includes(locale)) return null
    return 'export default {}'
  },
})

/** Builds the console into the package: one page and its scripts, nothing fetched from anywhere else. */
export default defineConfig({
  // Relative, so that the page works below any path a proxy puts it at.
  base: './',
  plugins: [spokenLocales(), compressedFiles(ASSETS)],
  // One copy of each, wherever a package is found.
  resolve: { dedupe: ['react', 'react-dom', 'graphql'] },
  build: {
    outDir: fileURLToPath(new URL('../../dist/console', import.meta.url)),
    emptyOutDir: true,
    assetsDir: ASSETS,
    // A style or picture within a script would need a wider policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    sourcemap: false,
    reportCompressedSize: false,
  },
})
