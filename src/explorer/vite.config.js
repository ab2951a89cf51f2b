import { fileURLToPath } from 'node:url'

import { defineConfig } from 'vite'

import { docsPage } from './docs-page.js'

/** Builds GraphiQL into the package: one page, its scripts and its workers, nothing fetched from anywhere else. */
export default defineConfig({
  // Relative, so that the page works below any path a proxy puts it at.
  base: './',
  plugins: [docsPage()],
  build: {
    outDir: fileURLToPath(new URL('../../dist/explorer', import.meta.url)),
    emptyOutDir: true,
    assetsDir: 'explorer',
    target: 'es2022',
    sourcemap: false,
    chunkSizeWarningLimit: 10_000,
    reportCompressedSize: false,
  },
  worker: { format: 'es' },
})
