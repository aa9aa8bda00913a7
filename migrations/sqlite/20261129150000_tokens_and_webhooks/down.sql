drop table webhook_deliveries;
drop table api_tokens;
