/** Made anew for every request; see the files beside this one for what each loader does. */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export interface Loaders {}
