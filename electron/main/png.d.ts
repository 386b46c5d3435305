/** An image that the bundler turns into a data URL. */
declare module '*.png' {
  const dataUrl: string;
  export default dataUrl;
}
