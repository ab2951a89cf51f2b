/** Loaded before a server that is measured: at SIGUSR2 it collects its garbage, so that what it holds can be seen. */
process.on('SIGUSR2', () => {
  globalThis.gc?.()
  globalThis.gc?.()
})
