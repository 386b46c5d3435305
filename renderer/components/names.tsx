import styles from './names.module.css';

/** A name given by a person: cut with an ellipsis where it is too long, whole in the tooltip, never turning what is around. */
export const Name = ({ children, bold = false }: { readonly children: string; readonly bold?: boolean }) => (
  <bdi className={styles.cut} title={children} style={bold ? { fontWeight: 600 } : undefined} data-cut>
    {children}
  </bdi>
);

/** A path: cut in the middle, so that its last part stays readable. */
export const PathName = ({ path }: { readonly path: string }) => {
  const cut = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  const tail = path.slice(cut);
  return (
    <bdi className={styles.path} title={path} dir="ltr">
      {cut > 0 && (
        <span className={styles.head} data-cut>
          {path.slice(0, cut)}
        </span>
      )}
      <span className={styles.tail} data-cut>
        {cut > 0 ? tail : path}
      </span>
    </bdi>
  );
};
