import { fileURLToPath } from 'node:url'

import { defineConfig } from 'vite'

import { compressedFiles } from './compressed-files.js'
import { docsPage } from './docs-page.js'

const ASSETS = 'explorer'

/** Builds GraphiQL into the package: one page, its scripts and its workers, nothing fetched from anywhere else. */
export default defineConfig({
  // Relative, so that the page works below any path a proxy puts it at.
  base: './',
  plugins: [docsPage(), compressedFiles(ASSETS)],
  build: {
    outDir: fileURLToPath(new URL('../../dist/explorer', import.meta.url)),
    emptyOutDir: true,
    assetsDir: ASSETS,
    target: 'es2022',
    sourcemap: false,
    chunkSizeWarningLimit: 10_000,
    reportCompressedSize: false,
  },
  worker: { format: 'es' },
})
