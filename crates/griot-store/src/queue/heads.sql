-- Spaces, tabs, ends of lines and spaces that do not break are cut off in front, so that a beginning is a beginning.
SELECT
    delivery.id AS id,
    coalesce(nullif(account.name, ''), account.handle) AS account,
    substr(
        ltrim(
            CASE WHEN delivery.part > 0 THEN json_extract(variant.fields, '$.first_comment')
                 ELSE coalesce(variant.text, said.text) END,
            char(32, 9, 10, 13, 160)
        ),
        1, 600
    ) AS text,
    CASE WHEN delivery.part = 0 THEN (
        SELECT asset FROM attachment
        WHERE attachment.revision = said.id
          AND attachment.network = CASE WHEN variant.own_media THEN delivery.network ELSE '' END
        ORDER BY position LIMIT 1
    ) END AS asset
FROM json_each(?1) AS wanted
JOIN delivery ON delivery.id = wanted.value
JOIN account ON account.id = delivery.account
JOIN post ON post.id = delivery.post
JOIN post_revision AS said ON said.id = coalesce(delivery.revision, post.current)
LEFT JOIN variant ON variant.revision = said.id AND variant.network = delivery.network
