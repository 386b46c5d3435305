/** The product's sign, in the colour of the text around it. */
export const Mark = ({ size = 20 }: { readonly size?: number }) => (
  <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden="true">
    <path
      d="M10 1.5 18.5 10 10 18.5 1.5 10Z"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinejoin="round"
    />
    <circle cx="10" cy="10" r="3" fill="currentColor" />
  </svg>
);
